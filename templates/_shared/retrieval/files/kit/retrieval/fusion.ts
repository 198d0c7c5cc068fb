/**
 * Reciprocal rank fusion of ranked lists, best first: the score of an id is the sum of 1 / (k + rank) over the lists that have it. k = 60 as in
 * Cormack, Clarke and Büttcher, SIGIR 2009. Ties keep the order of the first list. Returns each id once, with its fused score.
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
