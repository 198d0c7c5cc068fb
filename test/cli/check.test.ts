import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve } from '../io/gates/gate-world.ts'
import { OWN } from '../own-documents.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli, finished, start } from './run.ts'

const env = { GITHUB_TOKEN: '', GH_TOKEN: '', GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' }
const kept = mkdtempSync(join(tmpdir(), 'ai-eng-check-'))
beforeAll(() => cli(['new', 'summariser', 'notes', '--yes', '--no-install'], { cwd: kept }))
afterAll(() => rmSync(kept, { recursive: true, force: true }))

/** A roadmap folder with a project, `notes`, in which there are documents of one's own. */
function withDocuments(): string {
  const cwd = temporaryDirectory()
  cpSync(kept, cwd, { recursive: true })
  for (const [name, text] of OWN) writeFileSync(join(cwd, 'notes/evals/documents', name), text)
  return cwd
}

async function run(cwd: string, ...args: string[]) {
  const { code, stdout } = await cli([...args, '--json'], { cwd, env })
  const document = JSON.parse(stdout)
  const gates = document.result?.steps.flatMap((step: { gates: { id: string }[] }) => step.gates) ?? []
  return { code, ...document, ids: gates.map(({ id }: { id: string }) => id) }
}

describe('check --changed', () => {
  it('looks only at what is not met, and again at what has changed since it was', async () => {
    const cwd = withDocuments()
    expect((await run(cwd, 'check')).ids).toContain('own-documents')
    expect((await run(cwd, 'check', '--changed')).ids).not.toContain('own-documents')
    expect(await run(cwd, 'check', 'own-documents', '--changed')).toMatchObject({ code: 0, ids: [] })
    writeFileSync(join(cwd, 'notes/evals/documents/bread.md'), 'gone')
    expect(await run(cwd, 'check', 'own-documents', '--changed')).toMatchObject({
      code: 3,
      ids: ['own-documents'],
    })
  })
})

describe('check --ci', () => {
  it('writes nothing, leaves out the gate that waits for CI, and calls met what is met', async () => {
    const cwd = withDocuments()
    const before = snapshot(cwd)
    const { code, ids, result } = await run(cwd, 'check', '--ci')
    expect({ code, evidence: result.evidence, met: result.met }).toEqual({ code: 3, evidence: [], met: 1 })
    expect(ids).not.toContain('ci-green')
    expect(result.warnings).toEqual(['ci-green is not checked inside CI'])
    expect(await run(cwd, 'check', 'own-documents', '--ci')).toMatchObject({ code: 0, result: { met: 1 } })
    expect(snapshot(cwd)).toEqual(before)
  })

  it('on GitHub annotates what is not met and adds a table to the summary of the job', async () => {
    const cwd = withDocuments()
    const summary = join(temporaryDirectory(), 'summary.md')
    writeFileSync(summary, '# Earlier\n')
    const { stdout } = await cli(['check', '--ci'], {
      cwd,
      env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    })
    expect(stdout).toContain('::error title=own-test::no test file you wrote. write test/mine.test.ts')
    expect(stdout).not.toContain('::error title=own-documents')
    const text = readFileSync(summary, 'utf8')
    expect(text).toMatch(/^# Earlier\n### 1 of 6 gates passed\n/)
    expect(text).toMatch(/^\| Summariser \| own-documents \| passed \| /m)
  })
})

describe('a stand-in on this machine', () => {
  it('is refused, and allowed by a variable; the evidence says that it was', async () => {
    const cwd = withDocuments()
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: join(cwd, 'notes'),
      encoding: 'utf8',
    }).trim()
    const url = await serve((_, response) => response.end(JSON.stringify({ status: 'ok', commit })))
    const vars = { deployUrl: url, deployProject: 'notes' }
    writeFileSync(join(cwd, 'ai-eng.json'), JSON.stringify({ schemaVersion: 1, vars, waivers: [] }))
    const refused = await run(cwd, 'check', 'live')
    expect(refused).toMatchObject({ code: 3, result: { steps: [{ gates: [{ code: 'local-address' }] }] } })
    const allowed = await cli(['check', 'live', '--json'], {
      cwd,
      env: { ...env, AI_ENG_STARTER_ALLOW_LOOPBACK: '1' },
    })
    expect(allowed.code).toBe(0)
    const [path] = JSON.parse(allowed.stdout).result.evidence
    expect(JSON.parse(readFileSync(join(cwd, path), 'utf8')).env).toMatchObject({ loopback: true })
  })
})

describe('check --watch', () => {
  it('looks again when a file changes, and ends with Ctrl-C', async () => {
    const cwd = withDocuments()
    const path = join(cwd, 'notes/evals/documents/bread.md')
    const text = readFileSync(path, 'utf8')
    rmSync(path)
    const child = start(['check', 'own-documents', '--watch'], { cwd, env })
    const end = finished(child)
    await printed(child, /FAILED {3}own-documents[\s\S]*Watching/)
    writeFileSync(path, text)
    await printed(child, /passed {3}own-documents[\s\S]*Watching/)
    child.kill('SIGINT')
    expect(await end).toMatchObject({ code: 130, stderr: 'Cancelled\n' })
  })

  it('has no end, so it is no document', async () => {
    expect((await run(withDocuments(), 'check', '--watch')).code).toBe(2)
  })
})

/** Resolves when the program has printed this from now on. */
function printed(child: ReturnType<typeof start>, pattern: RegExp): Promise<void> {
  let seen = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      seen += chunk
      if (pattern.test(seen)) resolve()
    })
    child.on('close', () => reject(new Error(`it ended after: ${seen}`)))
  })
}
