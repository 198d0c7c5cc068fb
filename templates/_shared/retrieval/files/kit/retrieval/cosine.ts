/**
 * Cosine of the angle between two vectors of as many numbers: 1 for the same direction, 0 for nothing in common, -1 for opposite ones. How long they are does not
 * matter, and neither does what made them, as long as it made both. 0 if one is all zeros: it has no direction.
 */
export function computeCosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, squaresOfA, squaresOfB] = [0, 0, 0]
  for (let place = 0; place < a.length; place++) {
    const [left, right] = [a[place] ?? 0, b[place] ?? 0]
    product += left * right
    squaresOfA += left * left
    squaresOfB += right * right
  }
  return product === 0 ? 0 : product / Math.sqrt(squaresOfA * squaresOfB)
}

export interface Similar<T> {
  item: T
  /** Cosine, -1 to 1. */
  similarity: number
}

/** The `k` items whose vectors are most similar to the query's, best first; of equals, the earlier. Every vector is compared: up to some ten thousand that takes milliseconds. */
export function findTopK<T>(
  query: ArrayLike<number>,
  items: Iterable<T>,
  { k, vector }: { k: number; vector: (item: T) => ArrayLike<number> },
): Similar<T>[] {
  const compared = [...items].map((item) => ({
    item,
    similarity: computeCosineSimilarity(query, vector(item)),
  }))
  return compared.sort((a, b) => b.similarity - a.similarity).slice(0, k)
}
