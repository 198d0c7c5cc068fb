import * as z from 'zod'
import type { Grade, Grader, Suite } from '#kit/evals/suite'
import { answerCase, type ExtractionCase, extractionCase, open, readDocument, SCHEMAS } from './cases.ts'
import { comparePrompts } from './compare.ts'
import { metricsOf, scoreFields } from './score.ts'

/** A value that is not found is looked up by a person; a wrong one is believed. So none may be wrong, and some may be missing. */
const RECALL_WANTED = 0.8

const fields: Grader<ExtractionCase> = (output, testCase) => {
  const data = resultIn(output)?.data
  if (data === undefined) return { pass: false, score: 0, reason: 'no data' }
  const scores = scoreFields(data, testCase)
  const { outcomes, recall } = metricsOf(scores)
  const bad = scores.filter(({ outcome }) => outcome === 'wrong' || outcome === 'hallucinated')
  const right = outcomes.exact + outcomes.normalised
  const score = scores.length === 0 ? 1 : right / scores.length
  const names = (wanted: readonly string[]) =>
    scores.flatMap(({ field, outcome }) => (wanted.includes(outcome) ? `${field} ${outcome}` : []))
  const reason = [`${right} of ${scores.length} right`, ...names(['wrong', 'hallucinated', 'missing'])].join(
    ', ',
  )
  return { pass: bad.length === 0 && (recall ?? 1) >= RECALL_WANTED, score, reason }
}

/** Every value has a quote, and the quote stands where it says. */
const evidence: Grader<ExtractionCase> = async (output, testCase) => {
  const result = resultIn(output)
  if (result === undefined) return failed('no data')
  const text = await readDocument(testCase)
  const paths = pathsOf(result.data, '')
  const unproven = paths.filter((path) => {
    const { quote, start, end } = result.evidence[path] ?? { quote: '', start: 0, end: 0 }
    return quote === '' || text.slice(start, end) !== quote
  })
  if (unproven.length > 0) return failed(`without evidence: ${unproven.join(', ')}`)
  return { pass: true, score: 1, reason: `${paths.length} values, each with its quote` }
}

/** The document may ask for more fields; the schema decides. */
const shape: Grader<ExtractionCase> = (output, testCase) => {
  const result = resultIn(output)
  if (result === undefined) return failed('no data')
  const { error } = SCHEMAS[testCase.schema].strict().safeParse(result.data)
  return error
    ? failed(z.prettifyError(error).replaceAll('\n', ' '))
    : { pass: true, score: 1, reason: 'fits the schema' }
}

function failed(reason: string): Grade {
  return { pass: false, score: 0, reason }
}

const resultShape = z.object({
  data: z.json(),
  evidence: z.record(z.string(), z.object({ quote: z.string(), start: z.int(), end: z.int() })),
})

function resultIn(output: string): z.infer<typeof resultShape> | undefined {
  try {
    return resultShape.safeParse(JSON.parse(output)).data
  } catch {
    return undefined // not JSON: the graders say that there is no data
  }
}

function pathsOf(data: unknown, path: string): string[] {
  if (data === null) return []
  if (typeof data !== 'object') return [path]
  return Object.entries(data).flatMap(([key, value]) => pathsOf(value, path ? `${path}.${key}` : key))
}

export const suite: Suite<ExtractionCase> = {
  name: 'extraction',
  schema: extractionCase,
  cases: 'evals/cases.jsonl',
  prompts: ['src/prompts.ts', 'src/reasoning.ts'],
  graders: { fields, evidence, shape },
  open,
  answer: (testCase, llm, signal) => answerCase(testCase, llm, 'zero-shot', signal),
  files: ({ document, schema }) => [
    `evals/documents/${document}`,
    schema === 'incident' ? 'src/schema.ts' : `evals/schemas/${schema}.ts`,
  ],
  echo: readDocument,
  compare: { name: 'prompts', run: comparePrompts },
}
