import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { loadEnv } from '#kit/console/env'
import { evalCase } from '#kit/evals/suite'
import { type Llm, openLlm } from '#kit/llm/model'
import { Extractor, heuristicTasks } from '../src/extract.ts'
import { ExtractionError } from '../src/extraction.ts'
import { fieldsOf } from '../src/fields/fields.ts'
import type { PatternName } from '../src/prompts.ts'
import { schema as incident } from '../src/schema.ts'
import { schema as invoice } from './schemas/invoice.ts'

export const SCHEMAS = { incident, invoice } as const

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

/** Evals run from the root of the repository, as npm does. */
export function readDocument({ document }: ExtractionCase): Promise<string> {
  return readFile(`evals/documents/${document}`, 'utf8')
}
