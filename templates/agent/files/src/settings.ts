/** Where a run must stop, whatever the model says. Each limit has its own stop reason. */
export interface Limits {
  /** Calls of the model. */
  steps: number
  /** Input and output together, as the provider counts them. */
  tokens: number
  /** US dollars; null: no ceiling. With a ceiling, a model whose price is unknown is never called. */
  costUsd: number | null
  /** Milliseconds that the model and the tools took; waiting for a person does not count. */
  timeMs: number
  /** The same tool with the same arguments: a model that repeats itself is stuck. */
  identicalCalls: number
}

export const DEFAULT_LIMITS: Limits = {
  steps: 15,
  tokens: 200_000,
  costUsd: null,
  timeMs: 300_000,
  identicalCalls: 3,
}

/** Settings other than the limits. */
export const settings = {
  /** Tokens that one reply may have. Reasoning models spend them on thinking too. */
  maxOutputTokens: 2_048,
  /** Characters of a tool's result that the model gets to see. */
  maxResultChars: 6_000,
  /** For a tool without a `timeoutMs`. */
  toolTimeoutMs: 10_000,
  /** Calls of one step that run at the same time. */
  parallelCalls: 4,
} as const

/** The folder for runs and what they filed, below the current directory. */
export const DATA = '.data'
