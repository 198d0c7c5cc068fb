import type { Grade, GradingContext } from '#kit/evals/suite'
import type { GradedAttempt, Tools } from '#kit/graders/grader'
import { bindGraders, graderSpec } from '../../src/graders/registry.ts'

const context: GradingContext = {
  sources: [],
  citations: [],
  latencyMs: 10,
  costUsd: 0,
  signal: new AbortController().signal,
}

/** Stands for an embedding model: as many numbers as there are letters, each the count of one. */
export const letterVectors: Tools = {
  judge: () => Promise.reject(new Error('no judge here')),
  embed: async (texts) => ({
    model: 'letters',
    vectors: texts.map((text) =>
      [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => text.split(letter).length - 1),
    ),
  }),
}

export interface Given extends Partial<Omit<GradedAttempt, 'text'>> {
  tools?: Tools
}

/** Parses the grader as a case would write it, and lets it grade. */
export async function gradeWith(
  spec: object,
  text: string,
  { tools = letterVectors, ...given }: Given = {},
): Promise<Grade> {
  const { input = 'What?', expected, ...rest } = given
  const graders = bindGraders<object>([graderSpec.parse(spec)], { input, expected }, tools)
  const [grade] = Object.values(graders)
  if (grade === undefined) throw new Error('no grader')
  return grade(text, {}, { ...context, ...rest })
}
