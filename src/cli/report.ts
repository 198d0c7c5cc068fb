import { Cancelled, EXIT, UserError } from '../core/errors.ts'
import { type Outcome, type Problem, toProblem } from '../core/outcome.ts'
import { escapeControls } from '../core/text.ts'
import { print } from '../io/print.ts'
import { measureWidth, wrapHanging } from './text/lines.ts'

/** The one JSON document of a run, as `docs/contracts/cli.v1.schema.json` defines it. */
export type Document = SuccessDocument | FailureDocument

interface SuccessDocument {
  schemaVersion: 1
  command: string
  ok: true
  result: unknown
}

interface FailureDocument {
  schemaVersion: 1
  command: string
  ok: false
  error: { message: string; hint: string | null; exitCode: number }
  /** What the command did before it failed, if anything. */
  result: unknown
}

export function toDocument(command: string, { result, problem }: Outcome<unknown>): Document {
  if (!problem) return { schemaVersion: 1, command, ok: true, result }
  const { message, hint, exitCode } = problem
  const error = { message: toLine(message), hint: hint === undefined ? null : toLine(hint), exitCode }
  return { schemaVersion: 1, command, ok: false, error, result }
}

/**
 * Describes an error for the reader. The stack is empty unless the error is a bug in ai-eng-starter, or DEBUG
 * is set.
 */
export function describeFailure(error: unknown): { problem: Problem; stack: string } {
  const isForeseen = error instanceof UserError || error instanceof Cancelled
  const isShown = error instanceof Error && (!isForeseen || process.env['DEBUG'])
  return {
    problem: isForeseen ? toProblem(error) : describeBug(error),
    stack: isShown ? `${error.stack}\n` : '',
  }
}

function describeBug(error: unknown): Problem {
  return {
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    hint: 'This is a bug in ai-eng-starter. Please report it with the lines above and the command you ran',
    exitCode: EXIT.bug,
  }
}

function toLine(text: string): string {
  return escapeControls(text.replace(/\s*[\r\n]+\s*/g, ' '))
}

/** Prints one line that says what is wrong and one that says what to do, wrapped only on a terminal. */
export async function printProblem({ message, hint }: Problem, stack: string): Promise<void> {
  const width = process.stderr.isTTY ? measureWidth(process.stderr) : Number.POSITIVE_INFINITY
  const lines = [message, ...(hint ? [hint] : [])].map((text) => `${wrapHanging('', toLine(text), width)}\n`)
  await print(process.stderr, `${stack}${lines.join('')}`)
}

export async function printDocument(document: Document): Promise<void> {
  await print(process.stdout, `${JSON.stringify(document, null, 2)}\n`)
}
