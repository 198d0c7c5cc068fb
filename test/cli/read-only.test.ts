import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWN } from '../own-documents.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { BIN, cli } from './run.ts'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0
const preload = fileURLToPath(new URL('../fixtures/faulty-disk.cjs', import.meta.url))
const env = { GITHUB_TOKEN: '', GH_TOKEN: '' }

/** The program where anybody may run it. */
const home = mkdtempSync(join(tmpdir(), 'ai-eng-anybody-'))
const bin = join(home, 'bin/ai-eng-starter.js')
const kept = join(home, 'kept')
beforeAll(async () => {
  chmodSync(home, 0o755)
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(dirname(dirname(BIN)), part), join(home, part), { recursive: true })
  mkdirSync(kept)
  await cli(['new', 'summariser', 'notes', '--yes', '--no-install'], { cwd: kept })
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A roadmap folder that everybody may read and only root may write. */
function readOnly(prepare: (cwd: string) => void = () => undefined): string {
  const cwd = temporaryDirectory()
  cpSync(kept, cwd, { recursive: true })
  prepare(cwd)
  execFileSync('chmod', ['-R', 'a+rX,go-w', cwd])
  return cwd
}

const asNobody = (cwd: string, ...args: string[]) => cli(args, { cwd, env, uid: NOBODY, bin })
const addDocuments = (cwd: string) => {
  for (const [name, text] of OWN) writeFileSync(join(cwd, 'notes/evals/documents', name), text)
}

describe.runIf(isRoot)('in a folder that may not be written', () => {
  it.each([
    ['set', ['set', 'deployUrl', 'https://a.example']],
    ['skip', ['skip', 'real-model', '--reason', 'no machine that runs one']],
    ['start', ['start', '--at', 'm2']],
    ['portfolio', ['portfolio']],
  ])('%s fails with what and what to do', async (_, args) => {
    const cwd = readOnly()
    const before = snapshot(cwd)
    const { code, stdout, stderr } = await asNobody(cwd, ...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^Could not write .*: permission denied\nGive yourself .*\n$/)
    expect(snapshot(cwd)).toEqual(before)
  })

  it('reset does too, and forgets nothing', async () => {
    const cwd = readOnly((root) => {
      addDocuments(root)
      execFileSync(process.execPath, [BIN, 'check', 'own-documents'], { cwd: root })
    })
    const { code, stderr } = await asNobody(cwd, 'reset', 'own-documents')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Could not write .*: permission denied\nGive yourself .*\n$/)
  })

  it('check shows what it found, and notes that it cannot be remembered', async () => {
    const { code, stdout, stderr } = await asNobody(readOnly(), 'check', 'own-documents')
    expect(code).toBe(3)
    expect(stdout).toMatch(/FAILED {3}own-documents {2}\d+ files, all from the template/)
    expect(stdout).toMatch(/Note: the findings were not stored\. Could not write/)
    expect(stderr).toMatch(/^0 of 1 gates pass\n/)
  })

  it('next shows what stands in the way', async () => {
    const { code, stdout } = await asNobody(readOnly(), 'next')
    expect(code).toBe(3)
    expect(stdout).toMatch(/FAILED {3}own-documents {2}\d+ files, all from the template/)
    expect(stdout).toContain('the findings were not stored')
  })

  it('check of a gate that passes shows that, and fails because there is no evidence of it', async () => {
    const { code, stdout, stderr } = await asNobody(readOnly(addDocuments), 'check', 'own-documents')
    expect(code).toBe(1)
    expect(stdout).toMatch(/passed {3}own-documents {2}3 files of yours/)
    expect(stderr).toMatch(/^Could not write .*: permission denied\nGive yourself .*\n$/)
  })
})

describe('on a disk that is full', () => {
  it.each([
    ['promises.mkdir:1:ENOSPC', 'set'],
    ['promises.mkdir:1:EROFS', 'set'],
    ['promises.open:1:EROFS', 'set'],
    ['promises.open:2:EROFS', 'set'],
    ['handle.writeFile:1:EDQUOT', 'set'],
    ['handle.writeFile:2:EDQUOT', 'set'],
    ['promises.rename:1:ENOSPC', 'set'],
  ])('with %s, %s fails in two lines and leaves nothing', async (fault, command) => {
    const cwd = temporaryDirectory()
    const args = [command, 'deployUrl', 'https://a.example']
    const { code, stderr } = await cli(args, { cwd, preload, env: { FAULT: fault } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Could not write .*\n(Free some space|Give yourself) .*, then run it again\n$/)
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('in a directory that is gone', () => {
  it.each([[], ['status'], ['check'], ['new', 'summariser', 'app', '--yes'], ['doctor']])(
    '%s fails with what and what to do',
    async (...args) => {
      const cwd = join(temporaryDirectory(), 'gone')
      mkdirSync(cwd)
      const words = ['rmdir "$0" && exec "$@"', cwd, process.execPath, BIN, ...args]
      const run = () => execFileSync('sh', ['-c', ...words], { cwd, stdio: 'pipe' })
      expect(run).toThrowError(
        expect.objectContaining({
          status: 1,
          stderr: Buffer.from(
            'The current directory no longer exists\ncd to another directory, then run it again\n',
          ),
        }),
      )
      expect(existsSync(cwd)).toBe(false)
    },
  )
})
