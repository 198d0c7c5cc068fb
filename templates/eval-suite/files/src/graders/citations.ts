import { z } from 'zod'
import { defineGrader, fail, type GradedAttempt, pass, quote } from '#kit/graders/grader'
import { type Claim, extractClaims, summariseClaims } from '#kit/retrieval/citations'
import { splitWords } from '#kit/retrieval/terms'
import { createClaimCheck } from './support.ts'

const QUOTE = /["“«]([^"“”«»]+)["”»]/g
const SHORTEST_QUOTE = 4 // words; below, quote marks mean "so-called"

/**
 * Every sentence cites an existing source that supports it; a source holds every quotation word for word; and
 * the expected `documents` are among those that the answer rests on. Score: the share of sentences that hold.
 */
export const citations = defineGrader(
  'citations',
  { documents: z.array(z.string().min(1)).default([]) },
  ({ documents }, attempt) => {
    const { claims, unknown, used } = summariseClaims(readClaims(attempt), attempt.sources.length)
    if (claims.length === 0) return fail('says nothing that could be cited')
    const loose = claims.filter(({ support }) => support === 'uncited' || support === 'unsupported')
    const cited = new Set(used.map((place) => attempt.sources[place - 1]?.document))
    const problems = [
      ...unknown.map((place) => `cites [${place}], which is no source`),
      ...loose.map(({ support, text }) => `${support}: ${quote(text)}`),
      ...findMisquotes(attempt).map((text) => `stands in no source: ${quote(text)}`),
      ...documents.filter((document) => !cited.has(document)).map((document) => `does not cite ${document}`),
    ]
    const score = (claims.length - loose.length) / claims.length
    if (problems.length > 0) return fail(problems.slice(0, 3).join('; '), score)
    return pass(`${claims.length} sentences, each held by what it cites`)
  },
)

/**
 * Reads the sentences with the sources they cite by marks such as [1]; for a text without marks, uses the
 * citations that the target reports.
 */
function readClaims({ text, sources, citations }: GradedAttempt): Claim[] {
  const check = createClaimCheck(sources.map((source) => source.text))
  const claims = extractClaims(text)
  if (claims.some((claim) => claim.citations.length > 0)) return claims.map(check)
  const reported = new Map(citations.map(({ claim, sources }) => [foldClaim(claim), sources]))
  return claims.map((claim) =>
    check({ ...claim, citations: [...(reported.get(foldClaim(claim.text)) ?? [])] }),
  )
}

function findMisquotes({ text, sources }: GradedAttempt): string[] {
  const known = sources.map((source) => ` ${foldClaim(source.text)} `)
  const quotes = [...text.matchAll(QUOTE)].map(([, quote = '']) => quote)
  return quotes
    .filter((quote) => splitWords(quote).length >= SHORTEST_QUOTE)
    .filter((quote) => !known.some((source) => source.includes(` ${foldClaim(quote)} `)))
}

function foldClaim(text: string): string {
  return splitWords(text).join(' ').toLowerCase()
}
