import type { Chunk } from '../src/chunk.ts'

/** A passage that holds the answer or a part of it. Labels by quote survive another chunk size. */
export interface Evidence {
  document: string
  quote: string
}

export interface RetrievalScores {
  /** Share of the evidence that the first k chunks hold. */
  recallAt1: number
  recallAt5: number
  recallAt10: number
  /** 1 / rank of the first chunk that holds any. */
  reciprocalRank: number
  ndcgAt10: number
  /**
   * Mean of the precision at each chunk with evidence, over the first k: 1 when all evidence comes before all
   * else.
   */
  contextPrecision: number
}

/** Scores one ranking, best first, against all the evidence that a question needs. */
export function scoreRanking(
  ranking: readonly Pick<Chunk, 'document' | 'text'>[],
  evidence: readonly Evidence[],
): RetrievalScores {
  const gains = computeGains(ranking.slice(0, 10), evidence)
  const found = (k: number) => gains.slice(0, k).reduce((sum, gain) => sum + gain, 0) / evidence.length
  const first = gains.findIndex((gain) => gain > 0)
  return {
    recallAt1: found(1),
    recallAt5: found(5),
    recallAt10: found(10),
    reciprocalRank: first === -1 ? 0 : 1 / (first + 1),
    ndcgAt10: computeNdcg(gains, evidence.length),
    contextPrecision: computeAveragePrecision(gains),
  }
}

/** Computes, for each chunk, how much evidence it is the first to hold. */
function computeGains(
  ranking: readonly Pick<Chunk, 'document' | 'text'>[],
  evidence: readonly Evidence[],
): number[] {
  let open = evidence
  return ranking.map((chunk) => {
    const left = open.filter((one) => !holds(chunk, one))
    const gain = open.length - left.length
    open = left
    return gain
  })
}

export function holds({ document, text }: Pick<Chunk, 'document' | 'text'>, evidence: Evidence): boolean {
  return document === evidence.document && squeezeSpaces(text).includes(squeezeSpaces(evidence.quote))
}

function squeezeSpaces(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/**
 * Discounted cumulative gain over its best value, 0..1 (Järvelin and Kekäläinen, TOIS 2002). The best is one
 * piece of evidence in each of the first ranks; a chunk that holds two may do better than that, and counts as
 * 1.
 */
function computeNdcg(gains: readonly number[], wanted: number): number {
  const discount = (rank: number) => 1 / Math.log2(rank + 2)
  const gained = gains.reduce((sum, gain, rank) => sum + gain * discount(rank), 0)
  const best = Array.from({ length: Math.min(wanted, 10) }, (_, rank) => discount(rank)).reduce(
    (a, b) => a + b,
    0,
  )
  return Math.min(1, gained / best)
}

function computeAveragePrecision(gains: readonly number[]): number {
  const precisions = gains.flatMap((gain, rank) => {
    if (gain === 0) return []
    return gains.slice(0, rank + 1).filter((one) => one > 0).length / (rank + 1)
  })
  return precisions.length === 0 ? 0 : precisions.reduce((sum, one) => sum + one, 0) / precisions.length
}

/** Averages each score. Throws a `RangeError` for an empty list: a table of no questions says nothing. */
export function averageScores(all: readonly RetrievalScores[]): RetrievalScores {
  const [first] = all
  if (first === undefined) throw new RangeError('cannot average zero scores')
  const names = Object.keys(first) as (keyof RetrievalScores)[]
  const mean = (name: keyof RetrievalScores) =>
    all.reduce((sum, scores) => sum + scores[name], 0) / all.length
  return Object.fromEntries(names.map((name) => [name, mean(name)])) as unknown as RetrievalScores
}
