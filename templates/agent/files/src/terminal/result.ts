import { toJson } from '#kit/console/json'
import { answerOf, type RunState } from '../run/state.ts'

const PLACED = /^(\S+):(\d+): (.*\S.*)$/gm

/** A run as one JSON document: how it ended, what it did, and the lines that it has seen, word for word. */
export function resultJson(state: RunState): string {
  const { started, stopped, calls, steps, tokens, costUsd } = state
  const made = calls.map(({ tool, input, result }) => ({
    ...{ tool, input, outcome: result?.outcome ?? null, output: result?.output ?? null },
  }))
  const evidence = calls.flatMap(({ result }) =>
    [...(result?.outcome === 'ok' ? result.output : '').matchAll(PLACED)].map(([, file, line, quote]) => ({
      ...{ file, line: Number(line), quote },
    })),
  )
  const about = { run: started.run, provider: started.provider, reason: stopped?.reason ?? 'waiting' }
  return `${toJson({ ...about, answer: answerOf(state), calls: made, evidence, steps: steps.length, tokens, costUsd }, 2)}\n`
}
