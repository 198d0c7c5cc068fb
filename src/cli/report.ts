import { Cancelled, EXIT, UserError } from '../core/errors.ts'
import { withoutControls } from '../core/text.ts'
import { print } from '../io/print.ts'
import { hanging, widthOf } from './lines.ts'

/** The one JSON document of a run, `docs/contracts/cli.v1.schema.json`. */
export type Document = SuccessDocument | FailureDocument

interface SuccessDocument {
  schemaVersion: 1
  command: string
  ok: true
  result: unknown
}

export interface FailureDocument {
  schemaVersion: 1
  command: string
  ok: false
  error: { message: string; hint: string | null; exitCode: number }
  /** What was done before it failed, if anything. */
  result: unknown
}

export function successDocument(command: string, result: unknown): SuccessDocument {
  return { schemaVersion: 1, command, ok: true, result }
}

export function failureDocument(command: string, error: unknown): FailureDocument {
  const { message, hint, exitCode, done } = explain(error)
  return { schemaVersion: 1, command, ok: false, error: { message, hint, exitCode }, result: done ?? null }
}

function explain(error: unknown): { message: string; hint: string | null; exitCode: number; done: unknown } {
  if (error instanceof UserError || error instanceof Cancelled) {
    const { message, hint = null, exitCode, done } = error
    return { message: oneLine(message), hint: hint === null ? null : oneLine(hint), exitCode, done }
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const hint =
    'This is a bug in ai-eng-starter. Please report it with the lines above and the command you ran'
  return { message: oneLine(message), hint, exitCode: EXIT.bug, done: undefined }
}

function oneLine(text: string): string {
  return withoutControls(text.replace(/\s*[\r\n]+\s*/g, ' '))
}

/** One line what, one line what to do, broken only where a person reads them. A stack only for our own bugs, or when asked for. */
export async function printFailure(
  { error: { message, hint, exitCode } }: FailureDocument,
  error: unknown,
): Promise<void> {
  const stack =
    error instanceof Error && (exitCode === EXIT.bug || process.env['DEBUG']) ? `${error.stack}\n` : ''
  const width = process.stderr.isTTY ? widthOf(process.stderr) : Number.POSITIVE_INFINITY
  const lines = [message, ...(hint ? [hint] : [])].map((text) => `${hanging('', text, width)}\n`)
  await print(process.stderr, `${stack}${lines.join('')}`)
}

export async function printJson(document: Document): Promise<void> {
  await print(process.stdout, `${JSON.stringify(document, null, 2)}\n`)
}
