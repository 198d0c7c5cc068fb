import type { ChildProcess } from 'node:child_process'
import { endProcessGroup, spawnGroup } from '#kit/console/process-group'
import { CannotRunError } from '#kit/evals/errors'
import type { SpecOf } from './spec.ts'
import type { Target, TargetQuestion } from './target.ts'

const LONGEST_ANSWER = 4_000_000 // bytes
const LONGEST_COMPLAINT = 10_000 // characters; the end counts
/** A program that ended may have left another one that holds its output. */
const LAST_OUTPUT_MS = 500

/**
 * Creates a target for a program that reads the question from standard input. Its standard error is shown
 * when it fails.
 */
export function createCommandTarget(spec: SpecOf<'command'>, root: string): Target {
  const { command, provider } = spec
  return {
    version: null,
    identity: async () => provider ?? { name: 'command', model: command.join(' '), deterministic: false },
    answer: async (asked, signal) => ({ output: await runProgram(command, asked, { root, signal }) }),
    close: async () => {},
  }
}

/** An abort ends the program with everything it started. */
async function runProgram(
  command: readonly string[],
  { input, files }: TargetQuestion,
  { root, signal }: { root: string; signal: AbortSignal },
): Promise<string> {
  signal.throwIfAborted()
  const [program = '', ...args] = command.flatMap((word) =>
    word === '{files}' ? files.map(({ path }) => path) : [word],
  )
  const child = spawnGroup(program, args, { cwd: root })
  try {
    // A program that does not read its input closes the pipe: its exit code says more.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    return await collectAnswer(child, program, signal)
  } finally {
    // Also what a program that has ended left behind.
    endProcessGroup(child)
  }
}

function collectAnswer(child: ChildProcess, program: string, signal: AbortSignal): Promise<string> {
  const output: Buffer[] = []
  let bytes = 0
  let complaint = ''
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes <= LONGEST_ANSWER) output.push(chunk)
      else reject(new Error(`${program} wrote more than 4 MB`))
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk}`.slice(-LONGEST_COMPLAINT)
    })
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? toMissingError(program) : error),
    )
    child.on('exit', () => setTimeout(endProcessGroup, LAST_OUTPUT_MS, child))
    child.on('close', (code, name) => {
      if (code === 0)
        return resolve(
          Buffer.concat(output)
            .toString('utf8')
            .replace(/\r?\n$/, ''),
        )
      const said = complaint.trim().split('\n').at(-1) || 'it says nothing about it'
      reject(new Error(`${program} failed (${code ?? name}): ${said}`))
    })
  })
}

function toMissingError(program: string): CannotRunError {
  return new CannotRunError(`${program} is not installed`, 'Correct the command in evals/targets.json')
}
