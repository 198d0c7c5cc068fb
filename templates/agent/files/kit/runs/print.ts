import { InputError } from '#kit/console/errors'
import { toJson } from '#kit/console/json'
import { toPrintable } from '#kit/console/printable'
import { type Io, note, write } from '#kit/console/process'
import { replaceFile } from '#kit/console/replace-file'
import { renderPage } from './page.ts'
import { renderJson } from './result.ts'
import { type ApprovalDecision, readAnswer, renderCost, type ShownResult, type ShownRun } from './run.ts'
import { formatRunLine, renderText } from './text.ts'

/** The events of a run that a terminal shows; the others pass without a line. */
export type PrintedEvent =
  | { type: 'started'; run: string }
  | { type: 'resumed' | 'called' | 'stopped' }
  | { type: 'step'; calls: readonly { tool: string; input: unknown }[] }
  | ({ type: 'decision' } & ApprovalDecision)
  | ({ type: 'result' } & ShownResult)

/** Prints a line to standard error for each thing that happens. */
export function printEvent(event: PrintedEvent, run: ShownRun, io: Io): void {
  for (const line of renderEvent(event, run)) note(io, line)
}

function renderEvent(event: PrintedEvent, { started, steps }: ShownRun): string[] {
  switch (event.type) {
    case 'started':
      return [`run ${event.run}`]
    case 'resumed':
      return [`run ${started.run} resumes after ${steps.length} steps`]
    case 'step':
      return event.calls.map(({ tool, input }) => `${steps.length}. ${tool} ${shortenToLine(toJson(input))}`)
    case 'decision':
      return [`   ${event.decision} by ${event.by}: ${event.approval}`]
    case 'result':
      return [`   ${formatRunResult(event)}`]
    case 'called':
    case 'stopped':
      return []
    default:
      return event satisfies never
  }
}

function formatRunResult({ outcome, output, ms, cut }: ShownResult): string {
  const [first = ''] = output.split('\n')
  const more = output.length > first.length ? ` (+ ${output.length - first.length + cut} characters)` : ''
  return `${outcome}, ${ms} ms: ${shortenToLine(first)}${more}`
}

function shortenToLine(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}

/**
 * Prints how a run ended: totals to standard error, the answer or one JSON document to standard output.
 * Throws `StoppedEarly` unless it is done.
 */
export async function finish(run: ShownRun, { json }: { json: boolean }, io: Io): Promise<void> {
  note(io, renderTotals(run))
  const isDone = run.stopped?.reason === 'done'
  if (json) await write(io.stdout, renderJson(run))
  else if (isDone) await write(io.stdout, `${toPrintable(readAnswer(run))}\n`)
  io.signal.throwIfAborted()
  if (!isDone) throw new StoppedEarly(run)
}

function renderTotals(run: ShownRun): string {
  const { steps, calls, tokens, workMs } = run
  const work = `${tokens.toLocaleString('en-US')} tokens, ${renderCost(run) ?? 'price unknown'}, ${(workMs / 1_000).toFixed(1)} s of work`
  return `${steps.length} steps, ${calls.length} calls, ${work}`
}

const ADVICE: Record<string, string> = {
  steps: 'resumes with more: --max-steps',
  tokens: 'resumes with more: --max-tokens',
  cost: 'resumes with a higher ceiling: --max-cost',
  time: 'resumes with more time: --max-seconds',
  'identical-calls': 'repeats the call: read the trace first, then change the goal or the tool',
  'model-failed': 'resumes once the cause is gone',
  crashed: 'resumes once the bug is fixed',
}

/** The run stopped before its goal was reached. Exit code 1. */
class StoppedEarly extends Error {
  override readonly name = 'StoppedEarly'
  readonly hint: string

  constructor({ started, stopped }: ShownRun) {
    const reason = stopped?.reason ?? 'waiting'
    super(toPrintable(`stopped by ${reason}: ${stopped?.detail ?? 'a call waits for a decision'}`))
    this.hint = `npm run resume -- ${started.run} ${ADVICE[reason] ?? 'resumes it'}. npm run trace -- ${started.run} shows what happened.`
  }
}

/** Prints one line per run. One that can't be read is listed as such: it must not hide the others. */
export async function printRuns(
  ids: readonly string[],
  read: (id: string) => Promise<ShownRun>,
  { stdout }: Io,
): Promise<void> {
  for (const id of ids) {
    const line = await read(id).then(formatRunLine, (error: unknown) => {
      if (error instanceof InputError) return `${id}  unreadable       ${error.message}`
      throw error
    })
    await write(stdout, `${line}\n`)
  }
}

/** Prints what happened in a run, or writes it as a page to `html`. */
export async function printTrace(run: ShownRun, html: string | undefined, io: Io): Promise<void> {
  if (html === undefined) return write(io.stdout, renderText(run))
  await replaceFile(html, renderPage(run))
  note(io, `Wrote ${html}: open it in a browser.`)
}

export interface PrintedTool {
  name: string
  description: string
  effect: 'read' | 'write'
}

/** Prints the tools, and which of them ask first. */
export function printTools(tools: readonly PrintedTool[], { stdout }: Io): Promise<void> {
  const width = Math.max(0, ...tools.map(({ name }) => name.length))
  const lines = tools.map(({ name, effect, description }) =>
    toPrintable(
      `${name.padEnd(width)}  ${effect === 'write' ? 'asks ' : 'reads'}  ${description.split('\n')[0]}`,
    ),
  )
  return write(stdout, `${lines.join('\n')}\n`)
}
