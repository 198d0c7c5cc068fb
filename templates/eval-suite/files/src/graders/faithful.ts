import { z } from 'zod'
import { defineGrader, fail, pass, quote } from '#kit/graders/grader'
import { extractClaims } from '#kit/retrieval/citations'
import { createClaimCheck } from './support.ts'

/**
 * The sources support every sentence of the answer, cited or not; with `of: "input"`, the input does, as for
 * a summary. It compares words and numbers, not meanings: it catches inventions, and misses a dropped "not",
 * which takes a judge.
 */
export const faithful = defineGrader(
  'faithful',
  { of: z.enum(['sources', 'input']).default('sources'), atLeast: z.number().gt(0).max(1).default(1) },
  ({ of, atLeast }, attempt) => {
    const sources = of === 'input' ? [attempt.input] : attempt.sources.map(({ text }) => text)
    const claims = extractClaims(attempt.text)
    if (claims.length === 0) return fail('says nothing')
    if (sources.length === 0) return fail('says something, and has no source for it')
    const check = createClaimCheck(sources)
    const citations = sources.map((_, index) => index + 1)
    const checked = claims.map(({ text }) => check({ text, citations }))
    const invented = checked.filter(({ support }) => support === 'unsupported')
    const score = (claims.length - invented.length) / claims.length
    const found = `${claims.length - invented.length} of ${claims.length} sentences supported`
    if (invented.length === 0) return pass(found)
    const reason = `${found}, not ${invented
      .slice(0, 2)
      .map(({ text }) => quote(text))
      .join(', ')}`
    return score >= atLeast ? pass(reason, score) : fail(reason, score)
  },
)
