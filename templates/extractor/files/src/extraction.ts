import type { JSONValue } from '@ai-sdk/provider'
import { LlmError } from '#kit/llm/errors'
import type { ProviderName } from '#kit/llm/model'
import type { Issue } from './check/answer.ts'
import type { Evidence } from './check/evidence.ts'
import type { PatternName } from './prompts.ts'

/** Data of one document, and what it rests on. */
export interface Extraction {
  schema: 'extraction.v1'
  /** The same for the same document, schema, model and prompt: a re-run replaces, it does not repeat. */
  id: string
  file: string
  /** Fits the schema that was asked for. */
  data: JSONValue
  /** By the path of the value, such as `actionItems.0.due`. */
  evidence: Record<string, Evidence>
  issues: Issue[]
  provider: { name: ProviderName; model: string; prompt: PatternName | null }
  usage: { calls: number; inputTokens: number; outputTokens: number; costUsd: number | null }
}

/** One answer of a model, and what was wrong with it. */
export interface Attempt {
  raw: string
  problems: string[]
}

/** No answer could be used, or a required value was not found. What the model wrote is kept. */
export class ExtractionError extends LlmError {
  readonly attempts: readonly Attempt[]

  constructor(message: string, hint: string, attempts: readonly Attempt[]) {
    super('invalid-response', message, { hint })
    this.attempts = attempts
  }
}
