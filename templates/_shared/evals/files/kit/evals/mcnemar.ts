/**
 * Returns the two-sided exact p of McNemar's test on paired cases: `gained` failed before and
 * pass now, `lost` the reverse. If nothing really changed, each of these cases is a toss of a fair coin: p is
 * the chance that `gained + lost` tosses fall at least as unevenly as seen, to whichever side. It is 1 if
 * there is no such case, and right for thousands of them too, where 2^-n is too small for a number.
 * Q. McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika
 * 12, 1947. Cases that didn't change say nothing about the difference, so they aren't counted.
 */
export function computeMcnemar(gained: number, lost: number): number {
  const n = gained + lost
  let logTerm = n * Math.log(0.5) // of C(n, 0) / 2^n; in logs, since 2^-n underflows beyond n = 1074
  let tail = Math.exp(logTerm)
  for (let k = 1; k <= Math.min(gained, lost); k++) {
    logTerm += Math.log((n - k + 1) / k)
    tail += Math.exp(logTerm)
  }
  return Math.min(1, 2 * tail)
}

/**
 * Returns the smallest number of paired cases, from those seen upwards, at which the same shares of gained
 * and lost cases would give p < 0.05. Null if that takes more than 10,000, or if as many were gained as lost.
 * Only a planning aid, because the shares themselves are uncertain.
 */
export function countCasesNeeded(seen: { gained: number; lost: number; paired: number }): number | null {
  if (seen.gained === seen.lost) return null
  for (let n = seen.paired; n <= 10_000; n++) {
    const scaled = (count: number) => Math.round((count * n) / seen.paired)
    if (computeMcnemar(scaled(seen.gained), scaled(seen.lost)) < 0.05) return n
  }
  return null
}
