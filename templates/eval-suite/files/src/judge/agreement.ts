import { runParallel } from '#kit/evals/run'
import { RefusalError } from '#kit/judge/voice'
import { catchRefusal, type Judge } from './judge.ts'
import { computeCohenKappa, type Kappa } from './kappa.ts'
import type { Label } from './labels.ts'
import type { Rubric } from './rubric.ts'

/**
 * Landis and Koch (Biometrics 33, 1977) call it moderate above 0.4. The low end of the interval has to reach
 * it: with few labels, luck must not.
 */
export const TRUSTED_FROM = 0.4

export interface Agreement {
  judge: string
  /** Null where one of the two gave every answer the same verdict. */
  kappa: Kappa | null
  trusted: boolean
  /** Answers that people pass and the judge fails. */
  tooStrict: string[]
  /** Answers that people fail and the judge passes. */
  tooLenient: string[]
  /** Answers without a verdict. Each counts as a disagreement, so it is in one of the lists above too. */
  unjudged: string[]
  labels: number
}

interface How {
  concurrency: number
  signal: AbortSignal
}

/**
 * Lets the judge score the answers that people labelled. An answer that the judge gives no verdict on is a
 * disagreement. Throws a `RefusalError` when it gives none at all, and every failure that is not the judge's.
 */
export async function measureAgreement(
  judge: Judge,
  rubric: Rubric,
  labels: readonly Label[],
  how: How,
): Promise<Agreement> {
  const scores = await runParallel(labels, how, (label) =>
    catchRefusal(judge.score(label, rubric, how.signal)),
  )
  const unjudged = labels.filter((_, index) => scores[index] === null).map(({ id }) => id)
  if (unjudged.length === labels.length)
    throw new RefusalError(`the judge gave no verdict on any of the ${labels.length} labelled answers`)
  const passes = labels.map(({ pass }, index) => scores[index]?.pass ?? !pass)
  const both = (person: boolean, judged: boolean) =>
    labels.filter(({ pass }, index) => pass === person && passes[index] === judged).map(({ id }) => id)
  const tooStrict = both(true, false)
  const tooLenient = both(false, true)
  const kappa = computeCohenKappa([
    [both(true, true).length, tooStrict.length],
    [tooLenient.length, both(false, false).length],
  ])
  const trusted = kappa !== null && kappa.interval[0] >= TRUSTED_FROM
  return { judge: judge.name, kappa, trusted, tooStrict, tooLenient, unjudged, labels: labels.length }
}

/** Formats the agreement as the line that is printed before any score of the judge. */
export function formatAgreement({ judge, kappa, trusted, labels }: Agreement): string {
  const [low, high] = kappa?.interval.map((end) => end.toFixed(2)) ?? []
  const found =
    kappa === null
      ? 'kappa cannot be told'
      : `Cohen's kappa ${kappa.kappa.toFixed(2)} (95% ${low} to ${high})`
  const verdict = trusted
    ? 'its scores count'
    : `below ${TRUSTED_FROM} at the low end, so its scores do not count`
  return `${judge} and people on ${labels} labelled answers: ${found}; ${verdict}`
}
