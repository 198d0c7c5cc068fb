import { type CitationCheck, type Claim, claimChecker, claimsOf, summary } from '#kit/retrieval/citations'
import { type Passage, passageOf } from '#kit/retrieval/passages'
import type { Source } from './prompts.ts'

/** A claim of an answer, checked, and where its sources say it. */
export interface Citation {
  /** Its place among the claims of the answer, from 0. */
  index: number
  claim: Claim
  /** Into the text of the source with that number. None for a source that says it in its heading, or not at all. */
  passages: (Passage & { source: number })[]
}

/** Checks an answer while it is written. */
export class Citations {
  readonly #sources: readonly Source[]
  readonly #check: ReturnType<typeof claimChecker>
  #told = 0

  constructor(sources: readonly Source[]) {
    this.#sources = sources
    this.#check = claimChecker(sources.map(evidenceOf))
  }

  /**
   * The claims that have come to their end since the last call. The last sentence may go on, and one without a mark waits for that of the next. More text can still
   * change where a sentence ends, so this is news and `all` is what counts.
   */
  settled(text: string): Citation[] {
    if (!/[.!?\]】\n]/.test(text.slice(-40))) return []
    const claims = claimsOf(text)
    const end = claims.slice(0, -1).findLastIndex(({ citations }) => citations.length > 0) + 1
    const settled = claims.slice(this.#told, end).map((cited, index) => this.#cite(this.#told + index, cited))
    this.#told = Math.max(this.#told, end)
    return settled
  }

  /** All claims of the whole answer. */
  all(text: string): { cited: Citation[]; check: CitationCheck } {
    const cited = claimsOf(text).map((claim, index) => this.#cite(index, claim))
    const claims = cited.map(({ claim }) => claim)
    return { cited, check: summary(claims, this.#sources.length) }
  }

  #cite(index: number, cited: Pick<Claim, 'text' | 'citations'>): Citation {
    const claim = this.#check(cited)
    const passages = claim.citations.flatMap((number) => {
      const passage = passageOf(claim.text, this.#sources[number - 1]?.text ?? '')
      return passage ? [{ source: number, ...passage }] : []
    })
    return { index, claim, passages }
  }
}

/** A claim may rest on a heading as well as on the text below it. */
function evidenceOf({ title, headings, text }: Source): string {
  return [title, ...headings, text].join('\n')
}
