import { cardinalsAsDigits } from '#kit/evals/numbers'
import { type Cited, type Claim, claimChecker } from '#kit/retrieval/citations'

/**
 * Checks sentences against texts. Numbers count in words too: "nine hours" is no other way to say "four
 * hours".
 */
export function createClaimCheck(texts: readonly string[]): (cited: Cited) => Claim {
  const check = claimChecker(texts.map((text) => cardinalsAsDigits(text, 'all')))
  return (cited) => ({
    ...check({ ...cited, text: cardinalsAsDigits(cited.text, 'from two') }),
    text: cited.text,
  })
}
