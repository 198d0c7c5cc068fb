import { toJson } from '#kit/console/json'
import { printableText } from '#kit/console/printable'
import { type Io, note } from '#kit/console/process'
import type { EventOf, RunEvent, StopReason } from '../run/events.ts'
import type { RunState } from '../run/state.ts'
import type { Toolbox } from '../tools/toolbox.ts'

/** A line for people for each thing that happens. */
export function tellEvent(event: RunEvent, state: RunState, io: Io): void {
  switch (event.type) {
    case 'started':
      note(io, `run ${event.run}`)
      return
    case 'resumed':
      note(io, `run ${state.started.run} goes on after ${state.steps.length} steps`)
      return
    case 'step':
      for (const { tool, input } of event.calls)
        note(io, `${state.steps.length}. ${tool} ${short(toJson(input))}`)
      return
    case 'decision':
      note(io, `   ${event.decision} by ${event.by}: ${event.approval}`)
      return
    case 'result':
      note(io, `   ${resultLine(event)}`)
      return
    case 'called':
    case 'stopped':
      return
    default:
      event satisfies never
  }
}

export function resultLine({ outcome, output, ms, cut }: EventOf<'result'>): string {
  const [first = ''] = output.split('\n')
  const more = output.length > first.length ? ` (+ ${output.length - first.length + cut} characters)` : ''
  return `${outcome}, ${ms} ms: ${short(first)}${more}`
}

function short(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}

export function tellTotals({ steps, calls, tokens, costUsd, workMs }: RunState, io: Io): void {
  const cost = costUsd === null ? 'price unknown' : `$${Number(costUsd.toPrecision(3))}`
  note(
    io,
    `${steps.length} steps, ${calls.length} calls, ${tokens.toLocaleString('en-US')} tokens, ${cost}, ${(workMs / 1_000).toFixed(1)} s of work`,
  )
}

const WHAT_TO_DO: Record<Exclude<StopReason, 'done'>, string> = {
  steps: 'go on with more: --max-steps',
  tokens: 'go on with more: --max-tokens',
  cost: 'go on with a higher ceiling: --max-cost',
  time: 'go on with more time: --max-seconds',
  'identical-calls': 'it repeats itself: look at the trace, then change the goal or the tool',
  aborted: 'go on when you like',
  'model-failed': 'go on when the cause is gone',
  crashed: 'go on when the bug is mended',
}

/** The run ended, and its goal may not be reached. Exit code 1. */
export class StoppedEarly extends Error {
  override readonly name = 'StoppedEarly'
  readonly hint: string

  constructor({ started, stopped }: RunState) {
    const reason = stopped?.reason ?? 'aborted'
    super(printableText(`stopped by ${reason}: ${stopped?.detail ?? 'nobody says why'}`))
    const advice = reason === 'done' ? '' : WHAT_TO_DO[reason]
    this.hint = `npm run resume -- ${started.run}: ${advice}. npm run trace -- ${started.run} shows what happened.`
  }
}

export function toolLines({ tools }: Toolbox): string {
  const width = Math.max(0, ...tools.map(({ name }) => name.length))
  const lines = tools.map(({ name, effect, description }) =>
    printableText(
      `${name.padEnd(width)}  ${effect === 'write' ? 'asks ' : 'reads'}  ${description.split('\n')[0]}`,
    ),
  )
  return `${lines.join('\n')}\n`
}
