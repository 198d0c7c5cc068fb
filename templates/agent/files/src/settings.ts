/** Where a run must stop, whatever the model says. Each has its own stop reason. */
export interface Limits {
  /** Calls of the model. */
  steps: number
  /** Input and output together, as the provider counts them. */
  tokens: number
  /** US dollars; null: no ceiling. With one, a model whose price is unknown is not called. */
  costUsd: number | null
  /** Time that the model and the tools took; waiting for a person does not count. */
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

/** What there is to tune beside the limits. */
export const settings = {
  /** Tokens that one reply may have. Models that think spend them too. */
  maxOutputTokens: 2_048,
  /** Characters of a tool's result that the model gets to see. */
  maxResultChars: 6_000,
  /** For a tool that does not say otherwise. */
  toolTimeoutMs: 10_000,
  /** Calls of one step that are made at the same time. */
  parallelCalls: 4,
} as const

/** Where runs and what they have filed are kept, below the current directory. */
export const DATA = '.data'
