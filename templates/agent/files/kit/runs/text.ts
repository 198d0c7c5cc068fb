import { toJson } from '#kit/console/json'
import { toPrintable } from '#kit/console/printable'
import { readAnswer, type ShownCall, type ShownRun, type ShownStep } from './run.ts'

/** One run on one line, for a list. */
export function formatRunLine({ started, stopped, steps }: ShownRun): string {
  const [goal = ''] = started.goal.split('\n')
  const reason = stopped?.reason ?? 'not ended'
  return toPrintable(
    `${started.run}  ${reason.padEnd(15)}  ${String(steps.length).padStart(3)} steps  ${goal.slice(0, 70)}`,
  )
}

/** A run to read: each step with its calls, what was decided, and what came of them. */
export function renderText(run: ShownRun): string {
  const { started, resumed, steps, stopped } = run
  const blocks = [
    `run ${started.run}, ${started.provider} ${started.model}, about ${started.root}\nstarted ${started.at}`,
    `goal\n${indent(started.goal)}`,
    ...steps.map((step, index) => formatStep(step, index + 1, run)),
    ...resumed.map(({ at, model }) => `resumed ${at} with ${model}`),
    `answer\n${indent(readAnswer(run) || 'none')}`,
    stopped ? `stopped by ${stopped.reason}: ${stopped.detail}` : 'not ended: npm run resume continues it',
  ]
  return `${toPrintable(blocks.join('\n\n'))}\n`
}

function formatStep({ ms, usage, text }: ShownStep, number: number, { calls }: ShownRun): string {
  const tokens = `${usage.inputTokens} tokens in, ${usage.outputTokens} out`
  const own = calls.filter(({ step }) => step === number)
  const said = text === '' || own.length === 0 ? [] : [indent(text)]
  return [`step ${number}: ${tokens}, ${ms} ms`, ...said, ...own.map(formatCall)].join('\n')
}

function formatCall({ tool, input, decision, result }: ShownCall): string {
  const decided = decision ? [`    ${decision.decision} by ${decision.by}`] : []
  const outcome = result
    ? [`    ${result.outcome}, ${result.ms} ms`, indent(result.output, 6)]
    : ['    no result']
  return [`  ${tool} ${toJson(input)}`, ...decided, ...outcome].join('\n')
}

function indent(text: string, by = 2): string {
  return text.replaceAll(/^/gm, ' '.repeat(by))
}
