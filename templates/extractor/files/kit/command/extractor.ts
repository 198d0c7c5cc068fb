import type { Document } from '#kit/console/input'
import { LlmError } from '#kit/llm/errors'

/** What the command and a batch need of an extractor; `src/` makes one. */
export interface Extractor<T extends Extracted = Extracted> {
  /** Known before the first call; the same for the same document, schema, model and prompt. */
  identify(document: Document): string
  /** Throws an `ExtractionError`, an `LlmError` or the signal's reason. */
  extract(document: Document, options?: ExtractOptions): Promise<T>
}

export interface ExtractOptions {
  signal?: AbortSignal
  /** Called before the model is asked again. */
  onRetry?: (file: string, problems: readonly string[]) => void
}

/** The printed and written result of one document. The extractor may add keys. */
export interface Extracted {
  id: string
  file: string
  data: unknown
  evidence: Readonly<Record<string, unknown>>
  issues: readonly { path: string; code: string; message: string }[]
}

/** One answer of a model, and what was wrong with it. */
export interface ExtractionAttempt {
  raw: string
  problems: readonly string[]
}

/** No answer could be used, or the data breaks the schema. Holds the answers of the model. */
export class ExtractionError extends LlmError {
  readonly attempts: readonly ExtractionAttempt[]

  constructor(message: string, hint: string, attempts: readonly ExtractionAttempt[]) {
    super('invalid-response', message, { hint })
    this.attempts = attempts
  }
}
