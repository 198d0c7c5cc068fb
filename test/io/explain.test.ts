import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { explainThrown, explainWrite } from '../../src/io/explain.ts'
import { mustRun } from '../../src/io/run-program.ts'
import { cli } from '../cli/run.ts'
import { temporaryDirectory } from '../temporary.ts'

/** As Node reports an error of the system; for some it has no name, or none at all. */
const systemError = (code: string, errno: number) =>
  Object.assign(new Error(`${code}: it failed, write`), { code, errno, syscall: 'write' })

describe('an error of the system', () => {
  it.each([
    [
      'a full quota that Node does not name',
      systemError('Unknown system error -122', -122),
      'disk quota is used up',
    ],
    ['a full quota in a synchronous call', systemError('UNKNOWN', -122), 'disk quota is used up'],
    ['a full disk', systemError('ENOSPC', -28), 'no space left'],
    ['an error that no table has', systemError('Unknown system error -9999', -9999), 'input/output error'],
  ])('is one line: %s', (_, error, words) => {
    for (const explained of [explainWrite(error, 'x'), explainThrown(error)]) {
      expect(explained).toBeInstanceOf(UserError)
      expect((explained as UserError).message).toContain(words)
      expect((explained as UserError).hint).not.toBe('')
    }
  })

  it('is not every error: a bug of ours stays one', () => {
    const bug = new TypeError('x is not a function')
    expect(explainWrite(bug, 'x')).toBe(bug)
    expect(explainThrown(bug)).toBe(bug)
  })
})

it('does not repeat the value of an option that does not exist', async () => {
  const { code, stdout, stderr } = await cli(['list', '--api-key=sk-secret'], { cwd: temporaryDirectory() })
  expect(code).toBe(2)
  expect(stderr).toContain("Unknown option '--api-key'")
  expect(stdout + stderr).not.toContain('sk-secret')
})

it('says in one short line why git failed, however many files it was given', async () => {
  const directory = temporaryDirectory()
  const options = { directory, signal: new AbortController().signal }
  await mustRun('git', ['init', '-q'], options)
  const names = Array.from({ length: 200 }, (_, index) => `file-${index}.txt`)
  for (const name of names) writeFileSync(join(directory, name), '')
  writeFileSync(join(directory, '.git/index.lock'), '')
  const failed = await mustRun('git', ['add', '--', ...names], options).catch((error: Error) => error.message)
  expect(failed).toMatch(/^git add -- .*index\.lock.*File exists/)
  expect(failed.length).toBeLessThan(400)
  expect(existsSync(join(directory, '.git/index'))).toBe(false)
})
