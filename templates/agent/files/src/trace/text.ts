import { toJson } from '#kit/console/json'
import { printableText } from '#kit/console/printable'
import type { EventOf, RunEvent } from '../run/events.ts'
import { answerOf, type CallState, type RunState, stateOf } from '../run/state.ts'

/** One run on one line, for a list. */
export function runLine(state: RunState): string {
  const { started, stopped, steps } = state
  const [goal = ''] = started.goal.split('\n')
  const how = stopped?.reason ?? 'not ended'
  return printableText(
    `${started.run}  ${how.padEnd(15)}  ${String(steps.length).padStart(3)} steps  ${goal.slice(0, 70)}`,
  )
}

/** A run to read: each step with its calls, what was decided, and what came of them. */
export function traceText(events: readonly RunEvent[]): string {
  const state = stateOf(events)
  const { started, steps, stopped } = state
  const blocks = [
    `run ${started.run}, ${started.provider} ${started.model}, about ${started.root}\nbegan ${started.at}`,
    `goal\n${indented(started.goal)}`,
    ...steps.map((step, index) => stepText(step, index + 1, state)),
    ...events
      .filter((event) => event.type === 'resumed')
      .map(({ at, model }) => `went on ${at} with ${model}`),
    `answer\n${indented(answerOf(state) || 'none')}`,
    stopped ? `stopped by ${stopped.reason}: ${stopped.detail}` : 'not ended: npm run resume goes on with it',
  ]
  return `${printableText(blocks.join('\n\n'))}\n`
}

function stepText({ ms, usage, text }: EventOf<'step'>, number: number, { calls }: RunState): string {
  const tokens = `${usage.inputTokens} tokens in, ${usage.outputTokens} out`
  const own = calls.filter(({ step }) => step === number)
  const said = text === '' || own.length === 0 ? [] : [indented(text)]
  return [`step ${number}: ${tokens}, ${ms} ms`, ...said, ...own.map(callText)].join('\n')
}

function callText({ tool, input, decision, result }: CallState): string {
  const decided = decision ? [`    ${decision.decision} by ${decision.by}`] : []
  const came = result
    ? [`    ${result.outcome}, ${result.ms} ms`, indented(result.output, 6)]
    : ['    no result']
  return [`  ${tool} ${toJson(input)}`, ...decided, ...came].join('\n')
}

function indented(text: string, by = 2): string {
  return text.replaceAll(/^/gm, ' '.repeat(by))
}
