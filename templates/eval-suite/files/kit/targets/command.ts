import { execFile } from 'node:child_process'
import { CannotRunError } from '#kit/evals/errors'
import type { SpecOf } from './spec.ts'
import type { Target, TargetQuestion } from './target.ts'

const LONGEST_ANSWER = 4_000_000 // bytes

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

function runProgram(
  command: readonly string[],
  { input, files }: TargetQuestion,
  { root, signal }: { root: string; signal: AbortSignal },
): Promise<string> {
  const [program = '', ...args] = command.flatMap((word) =>
    word === '{files}' ? files.map(({ path }) => path) : [word],
  )
  return new Promise((resolve, reject) => {
    const options = { cwd: root, signal, maxBuffer: LONGEST_ANSWER }
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout.replace(/\r?\n$/, ''))
      if (error.code === 'ENOENT') return reject(toMissingError(program))
      const said = stderr.trim().split('\n').at(-1)
      return reject(new Error(`${program} failed (${error.code ?? error.signal}): ${said || error.message}`))
    })
    // A program that does not read its input closes the pipe: its exit code says more.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

function toMissingError(program: string): CannotRunError {
  return new CannotRunError(`${program} is not installed`, 'Correct the command in evals/targets.json')
}
