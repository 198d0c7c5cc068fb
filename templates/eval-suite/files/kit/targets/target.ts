import type { Provider } from '#kit/evals/report'
import type { Answered } from '#kit/evals/suite'

export interface TargetQuestion {
  input: string
  /** The case's files with their texts. */
  files: readonly { path: string; text: string }[]
}

/** Something that answers questions. */
export interface Target {
  /**
   * What is known about the other side, such as its commit. Null: nothing, so that no answer may be taken
   * from the cache.
   */
  version: string | null
  /** Who answers. May ask a question to find out. */
  identity(signal: AbortSignal): Promise<Provider>
  answer(asked: TargetQuestion, signal: AbortSignal): Promise<Answered>
  /** Stops what was started for it. */
  close(): Promise<void>
}

/** The target could not be reached or was busy: the same question may be answered later. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
  /** How long it asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options)
    this.retryAfterMs = retryAfterMs
  }
}
