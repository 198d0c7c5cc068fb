import type { Citation, Source } from '#kit/bot/contract'
import { findPassage } from '#kit/retrieval/passages'
import {
  type CitationCheck,
  type Cited,
  createClaimChecker,
  extractClaims,
  findLastParagraph,
  summariseClaims,
} from './claims.ts'

/** In characters. A longer paragraph is read again once it has grown by one sixteenth. */
const OFTEN = 2_000
const RARELY = 16

/** Checks an answer while it is written. */
export class CitationLog {
  readonly #sources: readonly Source[]
  readonly #check: ReturnType<typeof createClaimChecker>
  #settled = 0
  /** Where the paragraph begins that is being written, and how many claims are before it. */
  #open = { start: 0, claims: 0 }
  /** Length of the open paragraph when it was last read. */
  #read = 0

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
    const length = text.length - this.#open.start
    // A paragraph without end is read less and less often: the work stays linear in the length of the answer.
    if (length > OFTEN && length - this.#read < length / RARELY) return []
    this.#read = length
    return [...this.#settleParagraphs(text), ...this.#settleSentences(text.slice(this.#open.start))]
  }

  /** The claims of paragraphs that have ended since the last call. */
  #settleParagraphs(text: string): Citation[] {
    const { start, claims: before } = this.#open
    const open = text.slice(start)
    const end = findLastParagraph(open)
    if (end === 0) return []
    const claims = extractClaims(open.slice(0, end))
    this.#open = { start: start + end, claims: before + claims.length }
    this.#read = 0
    return this.#citeFrom(before, claims, claims.length)
  }

  #settleSentences(open: string): Citation[] {
    const claims = extractClaims(open)
    const end = claims.slice(0, -1).findLastIndex(({ citations }) => citations.length > 0) + 1
    return this.#citeFrom(this.#open.claims, claims, end)
  }

  /** `claims` begin with number `first` of the answer; those before `end` are complete. */
  #citeFrom(first: number, claims: readonly Cited[], end: number): Citation[] {
    const start = this.#settled
    this.#settled = Math.max(start, first + end)
    return claims
      .slice(Math.max(0, start - first), end)
      .map((claim, index) => this.#cite(Math.max(start, first) + index, claim))
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
