import { Readable } from 'node:stream'
import * as z from 'zod'
import { ExtractionError } from '#kit/command/extractor'
import { loadEnv } from '#kit/console/env'
import { readShownDocuments } from '#kit/documents/inputs'
import { evalCase } from '#kit/evals/suite'
import { type Llm, openLlm } from '#kit/llm/model'
import { createOfflineTasks } from '#kit/offline/tasks'
import { createExtractor } from '../src/extractor.ts'
import { readFields } from '../src/fields.ts'
import type { PatternName } from '../src/prompts.ts'
import { schema as incident } from '../src/schema.ts'
import { schema as invoice } from './schemas/invoice.ts'

export const SCHEMAS = { incident, invoice } as const

export const extractionCase = evalCase.extend({
  schema: z.enum(['incident', 'invoice']),
  /** A file in evals/documents. */
  document: z.string().regex(/^[\w-]+\.(?:md|txt|yaml|json)$/),
  /** What a careful reader finds. A field without a name here must be null. */
  expected: z.record(z.string(), z.json()),
  /** Fields that careful readers fill in differently: not scored. */
  ignore: z.array(z.string()).default([]),
  /** Further right values, by field. */
  accept: z.record(z.string(), z.array(z.json())).default({}),
})
export type ExtractionCase = z.infer<typeof extractionCase>

/**
 * Answers a case with one prompt pattern. A document that the model fails at is a failed case, not an error
 * of the run.
 */
export async function answerCase(
  testCase: ExtractionCase,
  llm: Llm,
  pattern: PatternName,
  signal: AbortSignal,
) {
  const text = await readCaseDocument(testCase)
  const extractor = createExtractor(llm, readFields(SCHEMAS[testCase.schema]), pattern)
  try {
    return JSON.stringify(await extractor.extract({ name: testCase.document, text }, { signal }))
  } catch (error) {
    if (error instanceof ExtractionError) return JSON.stringify({ error: error.message })
    throw error
  }
}

/** A model; the heuristic provider knows all schemas of the cases. */
export function openExtractionLlm(): Promise<Llm> {
  const tasks = Object.values(SCHEMAS).map((schema) => createOfflineTasks(readFields(schema)))
  return openLlm({ env: loadEnv(process.cwd(), process.env), tasks: Object.assign({}, ...tasks) })
}

/** Evals run from the root of the repository, as npm does. */
export async function readCaseDocument({ document }: ExtractionCase): Promise<string> {
  const [read] = await readShownDocuments([`evals/documents/${document}`], Readable.from([]))
  return read?.text ?? ''
}
