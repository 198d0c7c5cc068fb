import { toJson } from '#kit/console/json'
import { readAnswer, type ShownRun } from './run.ts'

/** `logs/api.log:12: text`, as tools quote lines. */
const QUOTED_LINE = /^(\S+):(\d+): (.*\S.*)$/gm

/** A run as one JSON document: how it ended, what it did, and the lines it has seen, word for word. */
export function renderJson(run: ShownRun): string {
  const { started, stopped, calls, steps, tokens, costUsd } = run
  const made = calls.map(({ tool, input, result }) => ({
    ...{ tool, input, outcome: result?.outcome ?? null, output: result?.output ?? null },
  }))
  const evidence = calls.flatMap(({ result }) =>
    [...(result?.outcome === 'ok' ? result.output : '').matchAll(QUOTED_LINE)].map(
      ([, file, line, quote]) => ({ ...{ file, line: Number(line), quote } }),
    ),
  )
  const about = { run: started.run, provider: started.provider, reason: stopped?.reason ?? 'waiting' }
  const spent = { steps: steps.length, tokens, costUsd }
  return `${toJson({ ...about, answer: readAnswer(run), calls: made, evidence, ...spent }, 2)}\n`
}
