/** A test with generated inputs, and what repeats it. */
export interface Draw {
  /** For the message of an assertion. */
  seed: string
  /** A whole number from 0 to `below - 1`. */
  number(below: number): number
  pick<T>(items: readonly T[]): T
  /** A text of so many of these characters. */
  text(characters: string, length: number): string
}

/** Draws with `times` different seeds. With SEED set, only with that one. */
export function listDraws(times: number): Draw[] {
  const only = process.env['SEED']
  const first = Math.floor(Math.random() * 1e9)
  const seeds =
    only === undefined ? Array.from({ length: times }, (_, index) => first + index) : [Number(only)]
  return seeds.map(createDraw)
}

/** The generator is mulberry32. */
function createDraw(seed: number): Draw {
  let state = seed
  const number = (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
  const pick = <T>(items: readonly T[]): T => items[number(items.length)] as T
  const text = (characters: string, length: number) => {
    const all = [...characters]
    return Array.from({ length }, () => pick(all)).join('')
  }
  return { seed: `repeat it with SEED=${seed}`, number, pick, text }
}
