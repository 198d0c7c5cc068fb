import { z } from 'zod'
import { failed, grader, labelOf, passed, quoted } from './grader.ts'

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

/** The answer is one of the expected texts and nothing else. White space at the ends does not count. */
export const exact = grader(
  'exact',
  { expected: oneOrMore.optional(), ignoreCase: z.boolean().default(false) },
  ({ expected, ignoreCase }, attempt) => {
    const fold = (text: string) => {
      const trimmed = text.normalize('NFC').trim()
      return ignoreCase ? trimmed.toLowerCase() : trimmed
    }
    const wanted = [labelOf(expected, attempt, oneOrMore)].flat()
    const isOne = wanted.some((text) => fold(text) === fold(attempt.text))
    const choice = wanted.map((text) => quoted(text)).join(' or ')
    return isOne ? passed('as expected') : failed(`${quoted(attempt.text)}, wanted ${choice}`)
  },
)
