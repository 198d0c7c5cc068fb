import { type SpawnOptions, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const BIN = fileURLToPath(new URL('../../bin/ai-eng-starter.js', import.meta.url))

export interface Finished {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd: string
  env?: NodeJS.ProcessEnv
  /** Modules to load before the CLI, such as one that makes a disk fill up. */
  preload?: string
  uid?: number
  node?: string
  /** Another copy of the CLI. */
  bin?: string
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.invalid',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.invalid',
}

/** Runs the built CLI without a terminal and waits for its end. */
export function cli(args: readonly string[], options: RunOptions): Promise<Finished> {
  return finished(start(args, options))
}

export function start(
  args: readonly string[],
  { cwd, env, preload, uid, node = process.execPath, bin = BIN }: RunOptions,
) {
  const loaded = preload ? ['--require', preload] : []
  const spawnOptions: SpawnOptions = {
    cwd,
    env: { ...process.env, ...IDENTITY, CI: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  }
  return spawn(node, [...loaded, bin, ...args], spawnOptions)
}

export function finished(child: ReturnType<typeof spawn>): Promise<Finished> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (stdout += chunk))
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}
