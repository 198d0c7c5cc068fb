import * as z from 'zod'
import type { Grade, Grader, Suite } from '#kit/evals/suite'
import {
  answerCase,
  type ExtractionCase,
  extractionCase,
  openExtractionLlm,
  readCaseDocument,
  SCHEMAS,
} from './cases.ts'
import { comparePrompts } from './compare.ts'
import { computeMetrics, scoreFields } from './score.ts'

/**
 * People look up a missing value but believe a wrong one. So no value may be wrong, and some may be missing.
 */
const RECALL_WANTED = 0.8

const gradeFields: Grader<ExtractionCase> = (output, testCase) => {
  const data = parseResult(output)?.data
  if (data === undefined) return { pass: false, score: 0, reason: 'no data' }
  const scores = scoreFields(data, testCase)
  const { outcomes, recall } = computeMetrics(scores)
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

/** Every value has a quote, and the document has the quote at its offsets. */
const gradeEvidence: Grader<ExtractionCase> = async (output, testCase) => {
  const result = parseResult(output)
  if (result === undefined) return rejectOutput('no data')
  const text = await readCaseDocument(testCase)
  const paths = listPaths(result.data, '')
  const unproven = paths.filter((path) => {
    const { quote, start, end } = result.evidence[path] ?? { quote: '', start: 0, end: 0 }
    return quote === '' || text.slice(start, end) !== quote
  })
  if (unproven.length > 0) return rejectOutput(`without evidence: ${unproven.join(', ')}`)
  return { pass: true, score: 1, reason: `${paths.length} values, each with its quote` }
}

/** The document may ask for more fields; the schema decides. */
const gradeShape: Grader<ExtractionCase> = (output, testCase) => {
  const result = parseResult(output)
  if (result === undefined) return rejectOutput('no data')
  const { error } = SCHEMAS[testCase.schema].strict().safeParse(result.data)
  return error
    ? rejectOutput(z.prettifyError(error).replaceAll('\n', ' '))
    : { pass: true, score: 1, reason: 'fits the schema' }
}

function rejectOutput(reason: string): Grade {
  return { pass: false, score: 0, reason }
}

const resultShape = z.object({
  data: z.json(),
  evidence: z.record(z.string(), z.object({ quote: z.string(), start: z.int(), end: z.int() })),
})

function parseResult(output: string): z.infer<typeof resultShape> | undefined {
  try {
    return resultShape.safeParse(JSON.parse(output)).data
  } catch {
    return undefined // not JSON: the graders say that there is no data
  }
}

function listPaths(data: unknown, path: string): string[] {
  if (data === null) return []
  if (typeof data !== 'object') return [path]
  return Object.entries(data).flatMap(([key, value]) => listPaths(value, path ? `${path}.${key}` : key))
}

export const suite: Suite<ExtractionCase> = {
  name: 'extraction',
  schema: extractionCase,
  cases: 'evals/cases.jsonl',
  prompts: ['src/prompts.ts', 'src/reasoning.ts'],
  graders: { fields: gradeFields, evidence: gradeEvidence, shape: gradeShape },
  open: openExtractionLlm,
  answer: (testCase, llm, signal) => answerCase(testCase, llm, 'zero-shot', signal),
  files: ({ document, schema }) => [
    `evals/documents/${document}`,
    schema === 'incident' ? 'src/schema.ts' : `evals/schemas/${schema}.ts`,
  ],
  echo: readCaseDocument,
  renderOutput: (output) => JSON.stringify(parseResult(output)?.data ?? output),
  compare: { name: 'prompts', run: comparePrompts },
}
