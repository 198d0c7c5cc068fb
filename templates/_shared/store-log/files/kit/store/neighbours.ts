import type { Metadata } from '#kit/store/store'
import { type Contents, type Entry, hasMetadata } from './contents.ts'
import { hashTags } from './tags.ts'
import type { Neighbour, VectorDatabase } from './vector-database.ts'
import { sortByScore } from './words.ts'

interface Wanted {
  vector: readonly number[]
  metadata: Metadata
  limit: number
}

/** How many more to fetch than wanted, because a few may belong to replaced documents. */
const SPARE = 20

/**
 * The chunks nearest to a vector, ties by id. A database knows neither chunk ids nor which vectors still
 * count. So this asks it for more until enough are left, and no vector that it has not returned can be as
 * near as the last of them.
 */
export async function findNearestEntries(
  database: VectorDatabase,
  contents: Contents,
  { vector, metadata, limit }: Wanted,
): Promise<ScoredEntry[]> {
  if (limit <= 0 || contents.words.size === 0) return []
  const toScored = (found: readonly Neighbour[]) => scoreNeighbours(found, contents, metadata)
  for (let asked = limit + SPARE; ; asked *= 4) {
    const most = Math.min(asked, database.neighbourLimit)
    const found = await database.nearest(vector, { limit: most, tags: hashTags(metadata) })
    const scored = toScored(found)
    const last = roundSimilarity(found.at(-1)?.similarity ?? -1)
    if (scored.length >= limit && (scored[limit - 1]?.score ?? 0) > last) return scored.slice(0, limit)
    if (found.length === most && most < database.neighbourLimit) continue
    if (scored.length >= limit || database.compare === undefined) return scored.slice(0, limit)
    // An index of neighbours moves from one to the next, and may miss some that match the filter.
    const all = contents.matching(metadata).map((entry) => entry.vector)
    const isMissing = all.length > scored.length
    return (isMissing ? toScored(await database.compare(vector, all)) : scored).slice(0, limit)
  }
}

interface ScoredEntry {
  text: Entry
  score: number
}

function scoreNeighbours(found: readonly Neighbour[], contents: Contents, metadata: Metadata): ScoredEntry[] {
  return sortByScore(
    found.flatMap(({ key, similarity }) => {
      const text = contents.entryOf(key)
      return text && hasMetadata(text.document, metadata)
        ? [{ text, score: roundSimilarity(similarity) }]
        : []
    }),
  )
}

/** Similarities are 32-bit sums. Rounded to their precision, equal ones are equal on every machine. */
function roundSimilarity(similarity: number): number {
  return Math.round(similarity * 1e6) / 1e6
}
