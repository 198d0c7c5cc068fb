import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { type ProgramResult, runProgram } from './run-program.ts'

export interface Machine {
  /** Where the command was started. Absolute. */
  directory: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

const TIMEOUT_MS = 10_000

/** What a program prints, or undefined when it is missing or fails. */
export async function readOutput(
  program: string,
  args: readonly string[],
  { directory, signal }: Machine,
): Promise<string | undefined> {
  const result: ProgramResult = await runProgram(program, args, { directory, signal, timeout: TIMEOUT_MS })
  return result.ok ? result.output.trim() : undefined
}

/** Whether something listens on a port of this machine. */
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

/** Bytes that this user may still write where a directory is. */
export function measureFreeSpace(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}

/** Whether a directory can be written, or, while it is not there, made. */
export function isWritable(directory: string): boolean {
  let path = directory
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false // the caller says so
  }
}

/** The text of the `.env` file of a directory; empty when there is none that can be read. */
export function readDotEnv(directory: string): string {
  try {
    return readFileSync(join(directory, '.env'), 'utf8')
  } catch {
    return '' // a missing or unreadable file sets nothing
  }
}
