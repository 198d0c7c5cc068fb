import { type Agreement, agreementOf, formatAgreement } from './agreement.ts'
import { biasesOf, formatBiases } from './bias.ts'
import type { Judge } from './judge.ts'
import { readLabels } from './labels.ts'
import { readRubric } from './rubric.ts'
import { labelsOf } from './trust.ts'

interface Check {
  root: string
  judge: Judge
  /** Path from the root. */
  rubric: string
  concurrency: number
  signal: AbortSignal
}

/** What is to be known about a judge before its scores are believed, as text, and whether they count. */
export async function checkJudge({
  root,
  judge,
  rubric,
  ...how
}: Check): Promise<{ text: string; trusted: boolean }> {
  const read = await readRubric(root, rubric)
  const labels = await readLabels(root, labelsOf(rubric))
  const agreement = await agreementOf(judge, read, labels, how)
  const biases = await biasesOf(judge, read, labels, how)
  const lines = [formatAgreement(agreement), ...differences(agreement), '', formatBiases(biases)]
  return { text: `${lines.join('\n')}\n`, trusted: agreement.trusted }
}

function differences({ tooStrict, tooLenient }: Agreement): string[] {
  const line = (what: string, ids: readonly string[]) =>
    ids.length > 0 ? [`  ${what}: ${ids.join(', ')}`] : []
  return [...line('fails what people pass', tooStrict), ...line('passes what people fail', tooLenient)]
}
