import { modelMessageSchema } from 'ai'
import * as z from 'zod'

const count = z.number().min(0)
const at = z.iso.datetime()
const usage = z.strictObject({ inputTokens: count, outputTokens: count, costUsd: count.nullable() })
const limits = z.strictObject({
  steps: count,
  tokens: count,
  costUsd: count.nullable(),
  timeMs: count,
  identicalCalls: count,
})

export const STOP_REASONS = [
  'done',
  'steps',
  'tokens',
  'cost',
  'time',
  'identical-calls',
  'aborted',
  'model-failed',
  'crashed',
] as const
export type StopReason = (typeof STOP_REASONS)[number]

/** A call that the model asked for. `input` is unchecked: its tool checks it before the call is made. */
const call = z.strictObject({ id: z.string(), tool: z.string(), input: z.json() })

/**
 * Everything that happens in a run, one JSON line each, written before anything relies on it. The events are
 * the run: what the model is sent, what was spent and what is left to do derive from them alone (`state.ts`),
 * so a run that was killed continues from its file.
 */
export const runEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('started'),
    schema: z.literal('agent-run.v1'),
    at,
    run: z.string(),
    goal: z.string(),
    /** The folder or file that the run is about. */
    root: z.string(),
    provider: z.string(),
    model: z.string(),
    limits,
    tools: z.array(z.strictObject({ name: z.string(), effect: z.enum(['read', 'write']) })),
    /** Patterns of the tools it may use; absent: all of them. */
    allow: z.array(z.string()).optional(),
  }),
  /** Resumed, maybe with other limits or another model. */
  z.strictObject({ type: z.literal('resumed'), at, provider: z.string(), model: z.string(), limits }),
  /** One reply of the model. `messages` is the reply in the form that the model gets it back. */
  z.strictObject({
    type: z.literal('step'),
    at,
    ms: count,
    text: z.string(),
    calls: z.array(call),
    usage,
    messages: z.array(modelMessageSchema),
  }),
  /** About one call with exactly these arguments: `approval` is their fingerprint. */
  z.strictObject({
    type: z.literal('decision'),
    at,
    call: z.string(),
    approval: z.string(),
    decision: z.enum(['approved', 'denied']),
    /** Who decided: a pattern, the terminal, a request, or the default. */
    by: z.string(),
  }),
  /** The call is about to happen: after a crash, whether it did is unknown. */
  z.strictObject({ type: z.literal('called'), at, call: z.string(), key: z.string() }),
  z.strictObject({
    type: z.literal('result'),
    at,
    call: z.string(),
    outcome: z.enum(['ok', 'error', 'denied']),
    output: z.string(),
    ms: count,
    /** Characters that were cut off. */
    cut: count,
  }),
  z.strictObject({
    type: z.literal('stopped'),
    at,
    reason: z.enum(STOP_REASONS),
    detail: z.string(),
    /** What a failed call of the model cost. */
    usage: usage.optional(),
    ms: count,
  }),
])

export type RunEvent = z.infer<typeof runEvent>
export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>
export type Call = z.infer<typeof call>
export type Usage = z.infer<typeof usage>
