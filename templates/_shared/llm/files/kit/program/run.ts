import type { ChildProcess } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import type { Env } from '#kit/console/env'
import { endProcessGroup, spawnGroup } from '#kit/console/process-group'
import { LlmError } from '../llm/errors.ts'
import type { CommandLine } from './command-line.ts'

/** In bytes. Of what a program says about a failure, the end counts. */
const LONGEST_ANSWER = 4_000_000
const LONGEST_COMPLAINT = 10_000
/** A program that ended may leave another one that holds its output. */
const LAST_OUTPUT_MS = 500

/** What a program needs to run as its user; everything else may be a secret. */
const PASSED =
  /^(?:path|pathext|home|user|logname|username|shell|lang|language|lc_\w+|tz|term|colorterm|tmp|temp|tmpdir|xdg_\w+|\w+_home|\w+_dir|ollama_host|ollama_models|appdata|localappdata|userprofile|homedrive|homepath|systemroot|systemdrive|windir|comspec|programdata|programfiles.*|ssl_cert_file|node_extra_ca_certs|no_proxy)$/i

/** The environment of a program that this one starts: nothing that could hold a key. */
export function pickEnvironment(env: Env, secrets: readonly string[]): Record<string, string> {
  const picked = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || !PASSED.test(name) || /:\/\/[^/]*@/.test(value)) return []
    return secrets.some((secret) => value.includes(secret)) ? [] : [[name, value]]
  })
  return { ...Object.fromEntries(picked), NO_COLOR: '1' }
}

interface ProgramRun {
  input: string
  env: Record<string, string>
  signal: AbortSignal | undefined
}

/**
 * Runs a program without a shell: `input` is its standard input, what it writes to standard output is the
 * answer. On an abort the program ends with everything it started. Throws an LlmError for a program that does
 * not start, fails or writes too much.
 */
export async function runCommand(command: CommandLine, { input, env, signal }: ProgramRun): Promise<string> {
  signal?.throwIfAborted()
  const [program, ...args] = command
  const child = spawnGroup(program, args, { env })
  const end = () => endProcessGroup(child)
  signal?.addEventListener('abort', end)
  try {
    // A program that does not read its input closes the pipe: its exit code says more.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    return await collectOutput(child, program, end)
  } finally {
    signal?.removeEventListener('abort', end)
  }
}

function collectOutput(child: ChildProcess, program: string, end: () => void): Promise<string> {
  const output: Buffer[] = []
  let bytes = 0
  let complaint = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes <= LONGEST_ANSWER) return output.push(chunk)
      end()
      const hint = 'An answer is a few kilobytes: check what AI_COMMAND runs.'
      return reject(new LlmError('invalid-response', `${program} wrote more than 4 MB`, { hint }))
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk}`.slice(-LONGEST_COMPLAINT)
    })
    child.on('error', (error) => reject(explainMissing(program, error)))
    child.on('exit', () => setTimeout(() => child.stdout?.destroy(), LAST_OUTPUT_MS).unref())
    child.on('close', (code, name) => {
      if (code === 0) resolve(stripVTControlCharacters(Buffer.concat(output).toString('utf8')))
      else reject(explainFailure(program, code ?? name, complaint))
    })
  })
}

function explainMissing(program: string, error: NodeJS.ErrnoException): LlmError {
  const windows = ' On Windows, name the .exe or run the script with node.'
  const hint = `Install it, or correct AI_COMMAND.${process.platform === 'win32' ? windows : ''}`
  const problem =
    error.code === 'ENOENT' ? 'is not installed or not in PATH' : `cannot be started (${error.code})`
  return new LlmError('config', `${program} ${problem}`, { hint })
}

function explainFailure(program: string, code: number | string | null, complaint: string): LlmError {
  const said =
    stripVTControlCharacters(complaint).trim().split('\n').at(-1)?.trim() || 'it says nothing about it'
  const hint = 'Run it in a terminal with a question on standard input, and see what it needs.'
  return new LlmError('server', `${program} failed (${code}): ${said.slice(0, 200)}`, { hint })
}
