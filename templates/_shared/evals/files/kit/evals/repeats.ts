/** The number of answers to one case, and how many of them passed. */
export interface Repeats {
  n: number
  passed: number
}

/**
 * Estimates the chance that at least one of k answers passes: 1 - C(n - passed, k) / C(n, k), which lacks the
 * bias of 1 - (1 - p)^k. M. Chen et al., "Evaluating large language models trained on code", 2021.
 * Throws `RangeError` if k is not in 1..n.
 */
export function estimatePassAtK({ n, passed }: Repeats, k: number): number {
  return 1 - computeDrawShare(n - passed, n, k)
}

/**
 * Estimates the chance that all of k answers pass: C(passed, k) / C(n, k), "pass hat k".
 * S. Yao et al., "tau-bench: a benchmark for tool-agent-user interaction in real-world domains", 2024.
 * Throws `RangeError` if k is not in 1..n.
 */
export function estimatePassHatK({ n, passed }: Repeats, k: number): number {
  return computeDrawShare(passed, n, k)
}

/** Returns C(some, k) / C(n, k): the share of draws of k from n that hold nothing but those `some`. */
function computeDrawShare(some: number, n: number, k: number): number {
  if (!(Number.isInteger(k) && k >= 1 && k <= n)) throw new RangeError(`k = ${k} is not in 1..${n}`)
  let share = 1
  for (let i = 0; i < k; i++) share *= Math.max(0, some - i) / (n - i)
  return share
}
