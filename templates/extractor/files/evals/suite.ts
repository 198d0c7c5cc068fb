import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { evalCase, type Grade, type Grader, type Suite } from '../src/evals/suite.ts'
import { Extractor, heuristicTasks } from '../src/extract.ts'
import { ExtractionError } from '../src/extraction.ts'
import { fieldsOf } from '../src/fields.ts'
import { loadEnv } from '../src/llm/env.ts'
import { type Llm, openLlm } from '../src/llm/model.ts'
import type { PatternName } from '../src/prompts/patterns.ts'
import { schema as incident } from '../src/schema.ts'
import { schema as invoice } from './schemas/invoice.ts'
import { metricsOf, scoreFields } from './score.ts'

const SCHEMAS = { incident, invoice } as const

export const extractionCase = evalCase.extend({
  schema: z.enum(['incident', 'invoice']),
  /** A file in evals/documents. */
  document: z.string().regex(/^[\w-]+\.(?:md|txt|yaml|json)$/),
  /** What a careful reader finds. Whatever is not named must be null. */
  expected: z.record(z.string(), z.json()),
  /** Fields that careful readers would fill in differently: not scored. */
  ignore: z.array(z.string()).default([]),
  /** Other right values, by field. */
  accept: z.record(z.string(), z.array(z.json())).default({}),
})
export type ExtractionCase = z.infer<typeof extractionCase>

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
const evidence: Grader<ExtractionCase> = async (output, { document }) => {
  const result = resultIn(output)
  if (result === undefined) return failed('no data')
  const text = await readFile(`evals/documents/${document}`, 'utf8')
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

/** Answers a case with one way of asking. What the model failed at is an answer that fails, not an error of the evals. */
export async function answerCase(
  testCase: ExtractionCase,
  llm: Llm,
  pattern: PatternName,
  signal: AbortSignal,
) {
  const text = await readDocument(testCase)
  const extractor = new Extractor(llm, fieldsOf(SCHEMAS[testCase.schema]), pattern)
  try {
    return JSON.stringify(await extractor.extract({ name: testCase.document, text }, { signal }))
  } catch (error) {
    if (error instanceof ExtractionError) return JSON.stringify({ error: error.message })
    throw error
  }
}

/** A model whose heuristic form knows all schemas of the cases. */
export function open(): Promise<Llm> {
  const tasks = Object.values(SCHEMAS).map((schema) => heuristicTasks(fieldsOf(schema)))
  return openLlm({ env: loadEnv(process.cwd(), process.env), tasks: Object.assign({}, ...tasks) })
}

export const suite: Suite<ExtractionCase> = {
  name: 'extraction',
  schema: extractionCase,
  cases: 'evals/cases.jsonl',
  prompts: ['pattern', 'zero-shot'].map((name) => `src/prompts/${name}.ts`),
  graders: { fields, evidence, shape },
  open,
  answer: (testCase, llm, signal) => answerCase(testCase, llm, 'zero-shot', signal),
  files: ({ document, schema }) => [
    `evals/documents/${document}`,
    schema === 'incident' ? 'src/schema.ts' : `evals/schemas/${schema}.ts`,
  ],
  echo: readDocument,
}

/** Evals run from the root of the repository, as npm does. */
function readDocument({ document }: ExtractionCase): Promise<string> {
  return readFile(`evals/documents/${document}`, 'utf8')
}
