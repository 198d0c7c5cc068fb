/**
 * Reciprocal rank fusion of ranked lists (best first): an id's score is the sum of weight / (k + rank) over
 * the lists that contain it. A rank counts from 1; `weights` has one weight for each list. By default k = 60,
 * as in Cormack, Clarke and Büttcher, SIGIR 2009, and every weight is 1. Ties keep the order of first
 * appearance. Returns each id once, by descending score.
 */
export function fuseRankings(
  lists: readonly (readonly string[])[],
  { k = 60, weights = lists.map(() => 1) }: { k?: number; weights?: readonly number[] } = {},
): { id: string; score: number }[] {
  const scores = new Map<string, number>()
  for (const [number, list] of lists.entries()) {
    for (const [rank, id] of list.entries())
      scores.set(id, (scores.get(id) ?? 0) + (weights[number] ?? 1) / (k + rank + 1))
  }
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score)
}
