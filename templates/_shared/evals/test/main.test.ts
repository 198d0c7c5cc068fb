import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const repo = fileURLToPath(new URL('../../../', import.meta.url))
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
let root: string

const CONFIG = {
  extends: './tsconfig.json',
  compilerOptions: { noEmit: false, outDir: 'dist' },
  include: ['kit/evals', 'evals'],
}

/** Answers "hello", or misbehaves as its environment variables say. */
const SUITE = `
import { contains } from '../kit/evals/graders.ts'
import { evalCase, type EvalCase, type Suite } from '../kit/evals/suite.ts'
import { openLlm } from '../kit/llm/model.ts'

if (process.env.ON_IMPORT === 'throw') throw new Error('no such thing')
if (process.env.ON_IMPORT === 'exit') process.exit(0)

export const suite: Suite<EvalCase> = {
  name: 'tiny',
  schema: evalCase,
  cases: 'evals/cases.jsonl',
  prompts: [],
  graders: { greeting: contains<EvalCase>({ texts: ['hello'] }) },
  caseTimeoutMs: Number(process.env.TIMEOUT_MS),
  open: () => openLlm({ env: { AI_PROVIDER: 'heuristic' }, tasks: {} }),
  answer: () => {
    if (!process.env.HANG) return Promise.resolve('hello')
    process.stderr.write('answering')
    return new Promise((resolve) => setTimeout(resolve, 60_000, 'hello'))
  },
  echo: () => '',
}
`

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evals-main-'))
  await mkdir(join(root, 'evals'))
  // `src` may hold a file of the kit: the package's imports say so.
  for (const path of ['kit', 'src', 'tsconfig.json']) {
    await cp(join(repo, path), join(root, path), { recursive: true, dereference: true })
  }
  await symlink(dirname(typescript), join(root, 'node_modules'))
  const { imports } = JSON.parse(await readFile(join(repo, 'package.json'), 'utf8'))
  await writeFile(join(root, 'package.json'), JSON.stringify({ type: 'module', imports }))
  await writeFile(join(root, 'tsconfig.build.json'), JSON.stringify(CONFIG))
  await writeFile(join(root, 'evals/suite.ts'), SUITE)
  await writeFile(join(root, 'evals/cases.jsonl'), '{"id":"one"}\n')
  const tsc = join(typescript, 'bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
}, 60_000)
afterAll(() => rm(root, { recursive: true, force: true }))

/** Runs the built program. Sends `signal` once the case is being answered. */
async function run(env: Record<string, string>, args: string[] = [], signal?: 'SIGINT') {
  const main = join(root, 'dist/kit/evals/main.js')
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, TIMEOUT_MS: '10000', ...env },
  })
  if (signal) child.stderr.once('data', () => child.kill(signal))
  const ended = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [exitCode] = await ended
  return { exitCode, stdout, stderr }
}

describe('the program', { timeout: 30_000 }, () => {
  it('blesses, then passes, with its output complete', async () => {
    expect(await run({}, ['bless'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('blessed'),
    })
    const { exitCode, stdout, stderr } = await run({}, ['--json'])
    expect({ exitCode, stderr, name: JSON.parse(stdout).name }).toEqual({
      exitCode: 0,
      stderr: '',
      name: 'tiny',
    })
  })

  it('ends soon after a case that hangs and ignores its signal, with the report and 4', async () => {
    const startedAt = performance.now()
    const { exitCode, stdout } = await run({ HANG: '1', TIMEOUT_MS: '200' })
    expect(exitCode).toBe(4)
    expect(stdout).toContain('one could not be answered or graded: timed out after 200 ms')
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  it('ends with 4 and two lines when the suite cannot be loaded', async () => {
    expect(await run({ ON_IMPORT: 'throw' })).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: expect.stringMatching(/^evals\/suite\.ts cannot be loaded: no such thing\n.+\n$/),
    })
  })

  it('ends with 4 when something ends the evals early: that is no pass', async () => {
    expect(await run({ ON_IMPORT: 'exit' })).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('broke off'),
    })
  })

  it('ends with 2 for a wrong argument', async () => {
    expect(await run({}, ['--frobnicate'])).toMatchObject({ exitCode: 2, stdout: '' })
  })

  it('ends with 130 on Ctrl-C', async () => {
    expect(await run({ HANG: '1', TIMEOUT_MS: '30000' }, [], 'SIGINT')).toMatchObject({
      exitCode: 130,
      stdout: '',
    })
  })
})
