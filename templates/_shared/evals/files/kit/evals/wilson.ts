/** Quantile of the normal distribution for 95% in two tails. */
const Z = 1.959963984540054

/**
 * Returns the 95% Wilson score interval for `passed` of `n`. It holds every true share `s` that is in no
 * conflict with what was seen: `|passed / n - s| <= Z * sqrt(s * (1 - s) / n)`. At its two ends, both sides
 * are equal. The low end is exactly 0 if none passed, the high end exactly 1 if all did; [0, 1] if n is 0.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
 * Unlike the textbook p ± z·se, it stays in 0..1 and doesn't shrink to a point at 20 of 20.
 * Throws `RangeError` unless both are integers and 0 <= passed <= n.
 */
export function computeWilson95(passed: number, n: number): [low: number, high: number] {
  if (!(Number.isInteger(passed) && Number.isInteger(n) && passed >= 0 && passed <= n)) {
    throw new RangeError(`computeWilson95: ${passed} of ${n} is not a count`)
  }
  if (n === 0) return [0, 1]
  const z2 = Z * Z
  const share = passed / n
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n)
  const half = (Z / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  return [passed === 0 ? 0 : centre - half, passed === n ? 1 : centre + half]
}
