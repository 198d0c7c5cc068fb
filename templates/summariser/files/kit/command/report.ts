import type { Llm } from '#kit/llm/model'
import type { UsageTotal } from '#kit/llm/usage'

export interface Summary {
  document: string
  run: number
  text: string
}

/** The document that `--json` prints. */
export interface SummaryReport {
  schema: 'summary.v1'
  provider: Llm['provider']
  model: string
  summaries: readonly Summary[]
  /** Mean word overlap of the runs on a document, 0 to 1, averaged over the documents. null: one run. */
  overlap: number | null
  usage: UsageTotal
}

export function toReport(llm: Llm, summaries: readonly Summary[]): SummaryReport {
  const overlap = measureOverlap(summaries)
  return {
    schema: 'summary.v1',
    provider: llm.provider,
    model: llm.modelId,
    summaries,
    overlap,
    usage: llm.meter.total(),
  }
}

/** Returns one line on how much repeated runs differ, and why. undefined: there was one run. */
export function describeRepeats(llm: Llm, summaries: readonly Summary[]): string | undefined {
  const overlap = measureOverlap(summaries)
  if (overlap === null) return undefined
  const measure = `The runs share ${Math.round(overlap * 100)} % of their words on average.`
  if (!llm.deterministic)
    return `${measure} The prompt was the same: the model draws each token from a distribution.`
  return `${measure} The heuristic is deterministic: set a provider in .env to see a model differ from itself.`
}

/**
 * Returns the mean over all pairs of runs on the same document of |A and B| / |A or B|, A and B their sets of
 * words (Jaccard).
 */
function measureOverlap(summaries: readonly Summary[]): number | null {
  const overlaps = summaries.flatMap((a, i) =>
    summaries
      .slice(i + 1)
      .flatMap((b) =>
        a.document === b.document ? [computeJaccard(readWords(a.text), readWords(b.text))] : [],
      ),
  )
  if (overlaps.length === 0) return null
  return overlaps.reduce((sum, overlap) => sum + overlap, 0) / overlaps.length
}

function readWords(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}

function computeJaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const union = new Set([...a, ...b])
  const shared = [...a].filter((word) => b.has(word))
  return union.size === 0 ? 1 : shared.length / union.size
}
