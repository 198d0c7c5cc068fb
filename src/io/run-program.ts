import { execa } from 'execa'
import { quoteShellCommand } from '../../templates/_shared/console/files/kit/console/shell.ts'
import { UserError } from '../core/errors.ts'

export interface ProgramOptions {
  directory: string
  signal: AbortSignal
  /** Milliseconds after which the program and everything it started are ended. */
  timeout?: number
  /** Variables to add to those of this process. */
  env?: Record<string, string>
  /** Whether `output` is standard output alone, with the line break at its end. */
  keepsEnd?: boolean
  /** Called for each line of output, from both streams. */
  onLine?: (line: string) => void
}

export interface ProgramResult {
  ok: boolean
  /** Why it is not ok, in a few words. */
  reason: string
  output: string
}

/**
 * In a hook, or under `git rebase --exec`, git names its own repository in these; what we run is about the
 * one in its directory.
 */
const FORGOTTEN: Record<string, undefined> = Object.fromEntries(
  'GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_PREFIX GIT_NAMESPACE'
    .split(' ')
    .map((name) => [name, undefined]),
)
const KEPT_OUTPUT = 1_000_000
const GRACE_MS = 1500
/** How long output may still arrive after the program itself has ended. */
const DRAIN_MS = 2000

/**
 * Runs a program with an argument list (never a shell) in its own process group, so that a cancel or a
 * timeout also ends its children. A failing program is a result; rejects only when cancelled.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const { directory, signal, timeout = 0, onLine, env = {}, keepsEnd = false } = options
  signal.throwIfAborted()
  const child = execa(program, args, {
    cwd: directory,
    env: { ...FORGOTTEN, ...env },
    stdin: 'ignore',
    all: true,
    stripFinalNewline: !keepsEnd,
    reject: false,
    detached: process.platform !== 'win32',
    maxBuffer: KEPT_OUTPUT,
  })
  let timedOut = false
  const stop = () => endGroup(child.pid)
  const timer =
    timeout > 0
      ? setTimeout(() => {
          timedOut = true
          stop()
        }, timeout)
      : undefined
  signal.addEventListener('abort', stop)
  // A daemon that the program left behind may keep its output open for ever.
  child.once('exit', () => setTimeout(() => closeOutput(child), DRAIN_MS).unref())
  const reading = onLine ? readLines(child.iterable({ from: 'all' }), onLine) : undefined
  try {
    const result = await child
    await reading
    signal.throwIfAborted()
    const reason = timedOut ? `took longer than ${Math.round(timeout / 1000)} s` : describe(program, result)
    return {
      ok: !result.failed && !timedOut,
      reason,
      output: String((keepsEnd ? result.stdout : result.all) ?? ''),
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

async function readLines(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  for await (const line of lines) onLine(String(line))
}

function closeOutput({
  stdout,
  stderr,
  all,
}: {
  stdout?: Closable
  stderr?: Closable
  all?: Closable
}): void {
  for (const stream of [stdout, stderr, all]) stream?.destroy()
}

interface Closable {
  destroy(): unknown
}

function describe(
  program: string,
  result: { code?: string | undefined; exitCode?: number | undefined; signal?: string | undefined },
): string {
  if (result.code === 'ENOENT') return `could not be run: ${program} was not found`
  if (result.signal) return `was ended by ${result.signal}`
  return `exited with ${result.exitCode ?? result.code ?? 'an error'}`
}

/** Asks the whole group to end, and kills it when it does not. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  sendToGroup(pid, 'SIGTERM')
  setTimeout(() => sendToGroup(pid, 'SIGKILL'), GRACE_MS).unref()
}

function sendToGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const LONGEST_COMMAND = 160

/** `git add` names every file of a project; its first words say enough. */
function shortenCommand(command: readonly string[]): string {
  const text = quoteShellCommand(command)
  return text.length <= LONGEST_COMMAND ? text : `${text.slice(0, LONGEST_COMMAND)}…`
}

/** Runs a program that has to succeed. Throws a UserError with what it said about its failure. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<string> {
  const result = await runProgram(program, args, options)
  if (result.ok) return result.output
  const lines = result.output.trim().split('\n')
  const said = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? ''
  throw new UserError(`${shortenCommand([program, ...args])} ${result.reason}${said ? `: ${said}` : ''}`)
}
