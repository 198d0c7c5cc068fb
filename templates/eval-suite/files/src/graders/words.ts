import { z } from 'zod'
import {
  contains as containsAll,
  containsNone,
  factsKept,
  lengthBetween,
  noInventedNumbers as noneInvented,
} from '#kit/evals/graders'
import { defineGrader, readLabel } from '#kit/graders/grader'

const text = z.string().trim().min(1)
const texts = z.union([text, z.array(text).min(1)])

/** Every text stands in the answer, letter case aside. */
export const contains = defineGrader('contains', { expected: texts.optional() }, ({ expected }, attempt) =>
  containsAll({ texts: [readLabel(expected, attempt, texts)].flat() })(attempt.text, attempt),
)

/**
 * None of the texts stands in the answer: another page's value, or what a document tells its reader to write.
 */
export const excludes = defineGrader('excludes', { texts: z.array(text).min(1) }, (settings, attempt) =>
  containsNone(settings)(attempt.text, attempt),
)

/** The share of facts that the answer states, each in one of its accepted spellings. */
export const facts = defineGrader(
  'facts',
  { facts: z.array(z.array(text).min(1)).min(1), atLeast: z.number().gt(0).max(1).default(1) },
  (settings, attempt) => factsKept(settings)(attempt.text, attempt),
)

/** Every number in the answer stands in its sources, or, with `of: "input"`, in what was asked. */
export const noInventedNumbers = defineGrader(
  'no-invented-numbers',
  { of: z.enum(['sources', 'input']).default('sources') },
  ({ of }, attempt) => {
    const known = of === 'input' ? [attempt.input] : attempt.sources.map((source) => source.text)
    if (known.length === 0)
      throw new Error('the target names no source; "of": "input" compares with the input')
    return noneInvented({ source: known.join('\n') })(attempt.text, attempt)
  },
)

/** Words in the answer, both ends included. */
export const length = defineGrader(
  'length',
  { min: z.int().min(1).default(1), max: z.int().min(1) },
  (settings, attempt) => lengthBetween(settings)(attempt.text, attempt),
)
