import { z } from 'zod'
import { type Claim, claimsOf, summary } from '#kit/retrieval/citations'
import { wordsOf } from '#kit/retrieval/terms'
import { type Attempt, failed, grader, passed, quoted } from './grader.ts'
import { supportIn } from './support.ts'

const QUOTE = /["“«]([^"“”«»]+)["”»]/g
const SHORTEST_QUOTE = 4 // words; below, quote marks mean "so-called"

/**
 * Every sentence cites a source that exists and says what the sentence says; what stands in quote marks stands word for word in a source; and the expected
 * `documents` are among those that the answer rests on. Score: the share of sentences that hold.
 */
export const citations = grader(
  'citations',
  { documents: z.array(z.string().min(1)).default([]) },
  ({ documents }, attempt) => {
    const { claims, unknown, used } = summary(claimsIn(attempt), attempt.sources.length)
    if (claims.length === 0) return failed('says nothing that could be cited')
    const loose = claims.filter(({ support }) => support === 'uncited' || support === 'unsupported')
    const cited = new Set(used.map((place) => attempt.sources[place - 1]?.document))
    const problems = [
      ...unknown.map((place) => `cites [${place}], which is no source`),
      ...loose.map(({ support, text }) => `${support}: ${quoted(text)}`),
      ...misquotedIn(attempt).map((quote) => `stands in no source: ${quoted(quote)}`),
      ...documents.filter((document) => !cited.has(document)).map((document) => `does not cite ${document}`),
    ]
    const score = (claims.length - loose.length) / claims.length
    if (problems.length > 0) return failed(problems.slice(0, 3).join('; '), score)
    return passed(`${claims.length} sentences, each held by what it cites`)
  },
)

/** The sentences by the marks in them, such as [1]; in a text without any, by what the target reports beside it. */
function claimsIn({ text, sources, citations }: Attempt): Claim[] {
  const check = supportIn(sources.map((source) => source.text))
  const claims = claimsOf(text)
  if (claims.some((claim) => claim.citations.length > 0)) return claims.map(check)
  const reported = new Map(citations.map(({ claim, sources }) => [folded(claim), sources]))
  return claims.map((claim) => check({ ...claim, citations: [...(reported.get(folded(claim.text)) ?? [])] }))
}

function misquotedIn({ text, sources }: Attempt): string[] {
  const known = sources.map((source) => ` ${folded(source.text)} `)
  const quotes = [...text.matchAll(QUOTE)].map(([, quote = '']) => quote)
  return quotes
    .filter((quote) => wordsOf(quote).length >= SHORTEST_QUOTE)
    .filter((quote) => !known.some((source) => source.includes(` ${folded(quote)} `)))
}

function folded(text: string): string {
  return wordsOf(text).join(' ').toLowerCase()
}
