/** The names that look most like one that is not there, best first: for whoever misspelt it. */
export function similarNames(wanted: string, names: readonly string[], limit = 3): string[] {
  const pairs = pairsOf(wanted)
  const scored = names.map((name) => ({ name, score: overlap(pairs, pairsOf(name)) }))
  return scored
    .filter(({ score }) => score >= 0.3)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ name }) => name)
}

/** Pairs of neighbouring letters, without the ending and the folders' slashes. */
function pairsOf(name: string): Set<string> {
  const letters = name
    .slice(0, 200)
    .toLowerCase()
    .replace(/\.\w+$/, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
  return new Set([...letters].slice(1).map((letter, index) => `${[...letters][index]}${letter}`))
}

/** Dice's coefficient, 0 to 1. */
function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((pair) => other.has(pair)).length
  return one.size + other.size === 0 ? 0 : (2 * shared) / (one.size + other.size)
}
