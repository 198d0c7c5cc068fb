import process from 'node:process'
import { loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import { toPrintable } from '#kit/console/printable'
import { type Io, note, write } from '#kit/console/process'
import { openVoice } from '#kit/judge/open'
import { type Agreement, formatAgreement, measureAgreement } from './agreement.ts'
import { formatBiases, measureBiases } from './bias.ts'
import { type Judge, openJudge } from './judge.ts'
import { readLabels } from './labels.ts'
import { readRubric } from './rubric.ts'
import { toLabelsPath } from './trust.ts'

const RUBRIC = 'evals/rubrics/answer.md'
const CONCURRENCY = 4

/** `npm run judge:check`: ends with 0 when the judge's scores count, else with 1. */
export async function runJudgeCheck([rubric = RUBRIC, ...more]: readonly string[], io: Io): Promise<void> {
  if (more.length > 0 || rubric.startsWith('-'))
    throw new UsageError(
      `unknown argument: ${more[0] ?? rubric}`,
      'Try: npm run judge:check -- evals/rubrics/answer.md',
    )
  const judge = openJudge(await openVoice(loadEnv(io.directory, io.env), (line) => note(io, line)))
  const how = { concurrency: CONCURRENCY, signal: io.signal }
  const { text, trusted } = await checkJudge({ root: io.directory, judge, rubric, ...how })
  await write(io.stdout, toPrintable(text))
  if (!trusted) process.exitCode = 1
}

interface Check {
  root: string
  judge: Judge
  /** Path from the root. */
  rubric: string
  concurrency: number
  signal: AbortSignal
}

/** Measures a judge's agreement and biases; returns them as text, and whether its scores count. */
export async function checkJudge({ root, judge, rubric, ...how }: Check) {
  const read = await readRubric(root, rubric)
  const labels = await readLabels(root, toLabelsPath(rubric))
  const agreement = await measureAgreement(judge, read, labels, how)
  const biases = await measureBiases(judge, read, labels, how)
  const lines = [formatAgreement(agreement), ...listDifferences(agreement), '', formatBiases(biases)]
  return { text: `${lines.join('\n')}\n`, trusted: agreement.trusted }
}

function listDifferences({ tooStrict, tooLenient, unjudged }: Agreement): string[] {
  const line = (what: string, ids: readonly string[]) =>
    ids.length > 0 ? [`  ${what}: ${ids.join(', ')}`] : []
  const judged = (ids: readonly string[]) => ids.filter((id) => !unjudged.includes(id))
  return [
    ...line('fails what people pass', judged(tooStrict)),
    ...line('passes what people fail', judged(tooLenient)),
    ...line('gives no verdict, which counts as a disagreement', unjudged),
  ]
}
