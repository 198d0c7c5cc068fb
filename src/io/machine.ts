import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { type ProgramResult, runProgram } from './run-program.ts'

export interface Machine {
  /** The directory that the command was started in. Absolute. */
  directory: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

const TIMEOUT_MS = 10_000

/** The output of a program; undefined when it is missing or fails. */
export async function readOutput(
  program: string,
  args: readonly string[],
  { directory, signal }: Machine,
): Promise<string | undefined> {
  const result: ProgramResult = await runProgram(program, args, { directory, signal, timeout: TIMEOUT_MS })
  return result.ok ? result.output.trim() : undefined
}

/** Whether a process listens on a port of this machine. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}

/** Bytes that this user can still write on the disk of a directory. */
export function measureFreeSpace(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}

/** Whether a directory can be written or, if it does not exist, created. */
export function isWritable(directory: string): boolean {
  let path = directory
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false // the caller reports it
  }
}

/** The text of a directory's `.env` file; empty when it is missing or unreadable. */
export function readDotEnv(directory: string): string {
  try {
    return readFileSync(join(directory, '.env'), 'utf8')
  } catch {
    return '' // a missing or unreadable file sets nothing
  }
}
