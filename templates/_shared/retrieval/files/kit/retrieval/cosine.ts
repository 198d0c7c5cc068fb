/**
 * Cosine of the angle between two vectors with the same number of dimensions: 1 for the same direction, 0 for
 * nothing in common, -1 for opposite directions. The same embedder must have made both; their lengths do not
 * matter. 0 if one vector is all zeros, because that has no direction.
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

/**
 * The `k` items whose vectors are most similar to the query's, best first; ties keep the order of `items`.
 * Compares every vector, which takes milliseconds for up to about ten thousand.
 */
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
