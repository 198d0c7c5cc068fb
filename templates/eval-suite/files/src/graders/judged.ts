import { z } from 'zod'
import { failed, grader, passed } from './grader.ts'

const rubric = z.string().regex(/^[\w-]+(?:\/[\w.-]+)*\.md$/, 'a path from the repo root to a .md file')

/**
 * A model scores the answer by a rubric, a Markdown file whose levels are a list. Passes at the rubric's own `pass` level. What goes wrong with the judge is
 * an error, not a score, and so are the scores of one that does not agree with people.
 */
export const judged = grader(
  'judge',
  { rubric, expected: z.string().optional() },
  async ({ rubric, expected }, attempt, tools) => {
    const judge = await tools.judge(rubric)
    const label = typeof attempt.expected === 'string' ? attempt.expected : undefined
    const { pass, score, reason } = await judge.score(
      {
        question: attempt.input,
        reference: expected ?? label,
        answer: attempt.text,
        sources: attempt.sources.map(({ text }) => text),
      },
      attempt.signal,
    )
    return pass ? passed(reason, score) : failed(reason, score)
  },
)
