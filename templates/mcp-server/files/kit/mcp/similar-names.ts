/** The names most similar to `wanted`, best first, for a model that misspelt one. */
export function findSimilarNames(wanted: string, names: readonly string[], limit = 3): string[] {
  const pairs = collectPairs(wanted)
  const scored = names.map((name) => ({ name, score: computeOverlap(pairs, collectPairs(name)) }))
  return scored
    .filter(({ score }) => score >= 0.3)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ name }) => name)
}

/** Pairs of neighbouring letters, without the extension and slashes. */
function collectPairs(name: string): Set<string> {
  const letters = name
    .slice(0, 200)
    .toLowerCase()
    .replace(/\.\w+$/, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
  return new Set([...letters].slice(1).map((letter, index) => `${[...letters][index]}${letter}`))
}

/** Dice's coefficient of two sets, 0 to 1. */
function computeOverlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((pair) => other.has(pair)).length
  return one.size + other.size === 0 ? 0 : (2 * shared) / (one.size + other.size)
}
