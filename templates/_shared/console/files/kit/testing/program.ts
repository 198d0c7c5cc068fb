import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { startScriptedServer } from './scripted-server.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Started {
  child: ChildProcess
  output: { stdout: string; stderr: string }
  done: Promise<{ code: number | null; stdout: string; stderr: string }>
}

/** Runs the built program as its users do: builds it once per test file and runs it in a temporary directory. */
export function setUpProgram() {
  const directory = mkdtempSync(join(tmpdir(), 'program-'))
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(build, 120_000)
  afterAll(() => rmSync(directory, { recursive: true }))
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  return {
    directory,
    start: (args: readonly string[], env: Record<string, string> = {}, input?: string | Buffer | null) =>
      startProgram(directory, args, env, input),
    /** A scripted model server that is closed after the test. */
    async scripted(...script: Parameters<typeof startScriptedServer>) {
      const server = await startScriptedServer(...script)
      closing.push(server.close)
      return server
    },
  }
}

function build(): void {
  // The flag matters only where this folder is put together from links.
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--preserveSymlinks'], { cwd: root })
}

/** Starts the program with only `env` in its environment and `input` as standard input; `null` leaves standard input open. */
function startProgram(
  cwd: string,
  args: readonly string[],
  env: Record<string, string>,
  input: string | Buffer | null | undefined,
): Started {
  const child = spawn(process.execPath, [join(root, 'dist/src/main.js'), ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text
  })
  child.stdin.on('error', () => {}) // a child that refuses its input early closes the pipe
  if (input !== null) child.stdin.end(input)
  return { child, output, done: once(child, 'close').then(([code]) => ({ code, ...output })) }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
