import { replaceCardinals } from '#kit/evals/numbers'
import { type Cited, type Claim, createClaimChecker } from '#kit/retrieval/citations'

/**
 * Checks sentences against texts. Numbers count in words too: "nine hours" is no other way to say "four
 * hours".
 */
export function createClaimCheck(texts: readonly string[]): (cited: Cited) => Claim {
  const check = createClaimChecker(texts.map((text) => replaceCardinals(text, 'all')))
  return (cited) => ({
    ...check({ ...cited, text: replaceCardinals(cited.text, 'from two') }),
    text: cited.text,
  })
}
