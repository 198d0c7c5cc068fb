import { createHash } from 'node:crypto'
import type { JSONSchema7, JSONValue } from '@ai-sdk/provider'
import type { LanguageModelUsage } from 'ai'
import { type ExtractionAttempt, ExtractionError } from '#kit/command/extractor'
import type { Document } from '#kit/console/input'
import type { ObjectField } from '#kit/fields/field'
import type { Llm, ProviderName } from '#kit/llm/model'
import type { StructuredOutput } from '#kit/structured/output'
import { type DocumentUsage, sumUsage } from '#kit/structured/usage'
import type { Issue } from './check.ts'
import type { Evidence } from './evidence.ts'
import { type PatternName, SYSTEM } from './prompts.ts'
import type { Review } from './review.ts'

/** One schema, one model, one way of asking: the same for every document of a run. */
export interface Setup {
  llm: Llm
  root: ObjectField
  /** `root` as the model is asked for it. */
  schema: JSONSchema7
  pattern: PatternName
  output: StructuredOutput
}

/** The data of one document, and what it rests on. */
export interface Extraction {
  schema: 'extraction.v1'
  /** The same for the same document, schema, model and prompt: a batch skips what it has. */
  id: string
  file: string
  /** Fits the schema. */
  data: JSONValue
  /** By the path of the value, such as `actionItems.0.due`. */
  evidence: Record<string, Evidence>
  issues: Issue[]
  /** `prompt` is null for the heuristic provider, which reads none. */
  provider: { name: ProviderName; model: string; prompt: PatternName | null }
  usage: DocumentUsage
}

export function identify({ name, text }: Document, { llm, schema, pattern }: Setup): string {
  const how = llm.deterministic ? null : [pattern, SYSTEM]
  const parts = [name, text, schema, llm.provider, llm.modelId, how]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

interface Outcome {
  review: Review
  attempts: readonly ExtractionAttempt[]
  used: readonly LanguageModelUsage[]
}

/**
 * Builds the result from the last review. Throws an `ExtractionError` when there is no data, or the data
 * breaks the schema.
 */
export function buildExtraction(
  document: Document,
  setup: Setup,
  { review, attempts, used }: Outcome,
): Extraction {
  const { name: file } = document
  const { result, problems, misfit } = review
  if (result === undefined) {
    const what = `${file}: no usable answer after ${attempts.length} attempts: ${problems[0]}`
    const hint = 'Try another model or a simpler schema. The answers are kept.'
    throw new ExtractionError(what, hint, attempts)
  }
  if (misfit !== undefined) {
    const hint = 'If a document may lack it, make it .nullable() in the schema.'
    throw new ExtractionError(`${file}: the data does not fit the schema: ${misfit}`, hint, attempts)
  }
  const { llm, pattern } = setup
  const provider = { name: llm.provider, model: llm.modelId, prompt: llm.deterministic ? null : pattern }
  const usage = sumUsage(used, llm.price)
  return { schema: 'extraction.v1', id: identify(document, setup), file, ...result, provider, usage }
}
