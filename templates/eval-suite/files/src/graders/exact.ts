import { z } from 'zod'
import { defineGrader, fail, pass, quote, readLabel } from '#kit/graders/grader'

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

/** The answer is one of the expected texts and nothing else. White space at the ends does not count. */
export const exact = defineGrader(
  'exact',
  { expected: oneOrMore.optional(), ignoreCase: z.boolean().default(false) },
  ({ expected, ignoreCase }, attempt) => {
    const fold = (text: string) => {
      const trimmed = text.normalize('NFC').trim()
      return ignoreCase ? trimmed.toLowerCase() : trimmed
    }
    const wanted = [readLabel(expected, attempt, oneOrMore)].flat()
    const isOne = wanted.some((text) => fold(text) === fold(attempt.text))
    const choice = wanted.map((text) => quote(text)).join(' or ')
    return isOne ? pass('as expected') : fail(`${quote(attempt.text)}, wanted ${choice}`)
  },
)
