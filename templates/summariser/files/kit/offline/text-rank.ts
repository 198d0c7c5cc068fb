const DAMPING = 0.85
const MAX_ITERATIONS = 60
const CONVERGED = 1e-6

/** Symmetric n x n cosine similarities, row by row, zero on the diagonal. */
export interface Similarities {
  size: number
  values: Float64Array
}

/**
 * Computes the cosine similarity of every pair of sentences over tf-idf weights. Memory is n * n * 8 bytes:
 * bound n.
 */
export function computeSimilarities(sentences: readonly (readonly string[])[]): Similarities {
  const size = sentences.length
  const values = new Float64Array(size * size)
  for (const postings of buildPostings(sentences).values()) {
    for (const [i, weight] of postings) {
      for (const [j, other] of postings)
        if (i !== j) values[i * size + j] = (values[i * size + j] ?? 0) + weight * other
    }
  }
  return { size, values }
}

/**
 * TextRank (Mihalcea and Tarau 2004): PageRank over the similarity graph, so a sentence is central when
 * central sentences resemble it. Returns one score per sentence, the best scaled to 1.
 */
export function computeTextRank({ size, values }: Similarities): number[] {
  const degree = Array.from({ length: size }, (_, i) =>
    values.subarray(i * size, (i + 1) * size).reduce((a, b) => a + b, 0),
  )
  let scores = new Float64Array(size).fill(1 / size)
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const next = new Float64Array(size).fill((1 - DAMPING) / size)
    for (let from = 0; from < size; from++) {
      const share = (DAMPING * (scores[from] ?? 0)) / (degree[from] || 1)
      for (let to = 0; to < size; to++) next[to] = (next[to] ?? 0) + share * (values[from * size + to] ?? 0)
    }
    const change = next.reduce((sum, score, i) => sum + Math.abs(score - (scores[i] ?? 0)), 0)
    scores = next
    if (change < CONVERGED) break
  }
  const best = Math.max(...scores)
  return Array.from(scores, (score) => score / best)
}

/** term -> (sentence, weight), each sentence's weights scaled to length 1. */
function buildPostings(sentences: readonly (readonly string[])[]): Map<string, [number, number][]> {
  const documentFrequency = new Map<string, number>()
  for (const terms of sentences) {
    for (const term of new Set(terms)) documentFrequency.set(term, (documentFrequency.get(term) ?? 0) + 1)
  }
  const postings = new Map<string, [number, number][]>()
  sentences.forEach((terms, index) => {
    const weights = new Map<string, number>()
    for (const term of terms) {
      const idf = Math.log(1 + sentences.length / (documentFrequency.get(term) ?? 1))
      weights.set(term, (weights.get(term) ?? 0) + idf)
    }
    const length = Math.hypot(...weights.values()) || 1
    for (const [term, weight] of weights) {
      const list = postings.get(term)
      if (list) list.push([index, weight / length])
      else postings.set(term, [[index, weight / length]])
    }
  })
  return postings
}
