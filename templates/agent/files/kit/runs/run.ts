/** A run, as far as a page, a terminal or a client is shown it. `RunState` of `src/run/state.ts` is one. */
export interface ShownRun {
  started: { at: string; run: string; goal: string; root: string; provider: string; model: string }
  resumed: readonly { at: string; model: string }[]
  steps: readonly ShownStep[]
  calls: readonly ShownCall[]
  tokens: number
  /** US dollars; null: a part of it is unknown. */
  costUsd: number | null
  workMs: number
  /** undefined: the run is open. */
  stopped: { reason: string; detail: string } | undefined
}

/** One reply of the model. */
export interface ShownStep {
  at: string
  ms: number
  text: string
  usage: { inputTokens: number; outputTokens: number }
}

export interface ShownCall {
  tool: string
  input: unknown
  /** From 1: the step whose reply asked for the call. */
  step: number
  decision?: ApprovalDecision
  result?: ShownResult
}

export interface ApprovalDecision {
  decision: 'approved' | 'denied'
  by: string
  approval: string
}

export interface ShownResult {
  outcome: 'ok' | 'error' | 'denied'
  output: string
  ms: number
  /** Characters that were cut off. */
  cut: number
}

/** What the model said last; empty before its first reply. */
export function readAnswer({ steps }: Pick<ShownRun, 'steps'>): string {
  return steps.at(-1)?.text ?? ''
}

/** `$0.0123`; undefined when a part of the cost is unknown. */
export function renderCost({ costUsd }: Pick<ShownRun, 'costUsd'>): string | undefined {
  return costUsd === null ? undefined : `$${Number(costUsd.toPrecision(3))}`
}
