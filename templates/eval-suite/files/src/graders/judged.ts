import { z } from 'zod'
import { defineGrader, type GraderKind } from '#kit/graders/grader'

const rubric = z.string().regex(/^[\w-]+(?:\/[\w.-]+)*\.md$/, 'a path from the repo root to a .md file')

const byRubric = defineGrader(
  'judge',
  { rubric, expected: z.string().optional() },
  async ({ rubric, expected }, { input, expected: label, text, sources, signal }, tools) => {
    const judge = await tools.judge(rubric)
    const reference = expected ?? (typeof label === 'string' ? label : undefined)
    const texts = sources.map((source) => source.text)
    return judge.score({ question: input, reference, answer: text, sources: texts }, signal)
  },
)

/**
 * A model scores the answer by a rubric, a Markdown file whose levels are a list. Passes at the rubric's
 * `Pass` level. A judge that gives no verdict is an error, not a score, and so is one that does not agree
 * with people. A reference answer helps the judge; it can do without.
 */
export const judged: GraderKind = { ...byRubric, usesLabel: false }
