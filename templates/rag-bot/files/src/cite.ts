import type { Citation, Source } from '#kit/bot/contract'
import { findPassage } from '#kit/retrieval/passages'
import {
  type CitationCheck,
  type Cited,
  createClaimChecker,
  extractClaims,
  summariseClaims,
} from './claims.ts'

/** Checks an answer while it is written. */
export class CitationLog {
  readonly #sources: readonly Source[]
  readonly #check: ReturnType<typeof createClaimChecker>
  #settled = 0

  constructor(sources: readonly Source[]) {
    this.#sources = sources
    // A claim may rest on a heading as well as on the text below it.
    this.#check = createClaimChecker(
      sources.map(({ title, headings, text }) => [title, ...headings, text].join('\n')),
    )
  }

  /**
   * Returns the claims that were completed since the last call. The last sentence may continue, and one
   * without a mark waits for the next mark. More text can still change where a sentence ends, so these claims
   * are provisional and `checkAll` is final.
   */
  settle(text: string): Citation[] {
    if (!/[.!?\]】\n]/.test(text.slice(-40))) return []
    const claims = extractClaims(text)
    const end = claims.slice(0, -1).findLastIndex(({ citations }) => citations.length > 0) + 1
    const start = this.#settled
    this.#settled = Math.max(start, end)
    return claims.slice(start, end).map((claim, index) => this.#cite(start + index, claim))
  }

  /** All claims of the whole answer. */
  checkAll(text: string): { cited: Citation[]; check: CitationCheck } {
    const cited = extractClaims(text).map((claim, index) => this.#cite(index, claim))
    const claims = cited.map(({ claim }) => claim)
    return { cited, check: summariseClaims(claims, this.#sources.length) }
  }

  /** A claim with its verdict, and the words of its sources that say it. */
  #cite(index: number, cited: Cited): Citation {
    const claim = this.#check(cited)
    const passages = claim.citations.flatMap((number) => {
      const passage = findPassage(claim.text, this.#sources[number - 1]?.text ?? '')
      return passage ? [{ source: number, ...passage }] : []
    })
    return { index, claim, passages }
  }
}
