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

/** Builds the program once per test file; `start` runs it in a temporary directory, as a user would. */
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
    /** Starts a scripted model server and closes it after the test. */
    async scripted(...script: Parameters<typeof startScriptedServer>) {
      const server = await startScriptedServer(...script)
      closing.push(server.close)
      return server
    },
  }
}

function build(): void {
  // `--preserveSymlinks` matters only where this folder is assembled from symlinks.
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--preserveSymlinks'], { cwd: root })
}

/**
 * Starts the program with `env` and PATH as its whole environment, and with `input` on stdin.
 * An `input` of null keeps stdin open.
 */
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
  child.stdin.on('error', () => {}) // a program that rejects its input early closes the pipe
  if (input !== null) child.stdin.end(input)
  return { child, output, done: once(child, 'close').then(([code]) => ({ code, ...output })) }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
