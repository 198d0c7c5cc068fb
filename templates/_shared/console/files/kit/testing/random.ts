/** The seed of generated inputs, for the name of a test. `SEED=5 npm test` tries others. */
export const SEED = Number(process.env.SEED ?? 1)

export interface Random {
  /** A whole number from `min` to `max`. */
  whole(min: number, max: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
}

/** Generates inputs that are the same in every run with the same seed. */
export function createRandom(seed = SEED): Random {
  let state = seed >>> 0
  // A linear congruential generator, with the constants of Numerical Recipes.
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return { whole, pick: (choices) => choices[whole(0, choices.length - 1)] ?? choices[0] }
}

/** Creates a generator of whole numbers: `pick(10)` is one of 0 to 9. One seed gives one sequence (mulberry32). */
export function createPicker(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
