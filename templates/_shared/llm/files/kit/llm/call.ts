import { setTimeout as sleep } from 'node:timers/promises'
import { AbortScope, type Limit } from '#kit/console/deadline'
import { LlmError } from './errors.ts'

/** How long a call may take and how often it is retried. All times in milliseconds. */
export interface ResiliencePolicy {
  /** From the first try to the end of the answer, waits included. */
  totalMs: number
  /** Per try, until the first token of a stream; a thinking token counts. */
  firstTokenMs: number
  /** Between two parts of a stream. */
  idleMs: number
  /** Retries after the first try: 2 means at most 3 requests. */
  maxRetries: number
  /** The shortest wait before a retry. */
  minDelayMs: number
  /** Doubles with every retry. The wait is drawn from this whole range ("full jitter"). */
  baseDelayMs: number
  maxDelayMs: number
}

export const defaultPolicy: ResiliencePolicy = {
  totalMs: 180_000,
  firstTokenMs: 60_000,
  idleMs: 30_000,
  maxRetries: 2,
  minDelayMs: 250,
  baseDelayMs: 1_000,
  maxDelayMs: 20_000,
}

/**
 * Returns the milliseconds to wait before retry number `retry` (1 is the first). Full jitter keeps clients
 * that failed together from retrying together (AWS Architecture Blog, "Exponential Backoff And Jitter",
 * 2015). `retryAfterMs`, the wait that the provider asked for, is a lower bound.
 */
export function retryDelay(
  retry: number,
  retryAfterMs: number | undefined,
  policy: ResiliencePolicy,
  random: () => number,
): number {
  if (retryAfterMs !== undefined)
    return Math.ceil(Math.max(retryAfterMs, policy.minDelayMs) + random() * policy.minDelayMs)
  const width = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (retry - 1))
  return Math.ceil(policy.minDelayMs + random() * width)
}

export interface ResilienceOptions {
  policy: ResiliencePolicy
  /** Converts anything that a provider threw into an error without secrets. */
  toError: (error: unknown) => LlmError
}

/**
 * One call: all its tries share a deadline and the caller's signal. `retrying` throws an LlmError if no try
 * succeeds, and the signal's reason on an abort.
 */
export class Call {
  readonly #scope: AbortScope
  readonly #options: ResilienceOptions
  readonly #endsAt: number

  constructor(caller: AbortSignal | undefined, options: ResilienceOptions) {
    const { totalMs } = options.policy
    this.#scope = new AbortScope(caller, timeLimit(totalMs, 'no complete answer'))
    this.#options = options
    this.#endsAt = performance.now() + totalMs
  }

  close(): void {
    this.#scope.close()
  }

  async retrying<T>(work: (attempt: AbortScope) => Promise<T>): Promise<T> {
    const { signal } = this.#scope
    signal.throwIfAborted()
    for (let retry = 1; ; retry++) {
      const attempt = new AbortScope(signal)
      try {
        return await work(attempt)
      } catch (thrown) {
        attempt.abort(thrown)
        signal.throwIfAborted()
        const error = this.#options.toError(thrown)
        if (!error.retryable || retry > this.#options.policy.maxRetries) throw error
        await this.#scope.race(sleep(this.#delayBefore(retry, error), undefined, { signal }))
      }
    }
  }

  #delayBefore(retry: number, error: LlmError): number {
    const { policy } = this.#options
    const delayMs = retryDelay(retry, error.retryAfterMs, policy, Math.random)
    if (performance.now() + delayMs < this.#endsAt) return delayMs
    const wait = `not retried: it should wait ${toSeconds(delayMs)}, past the deadline of ${toSeconds(policy.totalMs)}`
    throw new LlmError(error.kind, `${error.message}; ${wait}`, { hint: error.hint, status: error.status })
  }
}

/**
 * Makes a call whose answer arrives whole: retries `once` within the policy. Throws an LlmError if no try
 * succeeds, and the signal's reason on an abort.
 */
export function callWhole<T>(
  caller: AbortSignal | undefined,
  options: ResilienceOptions,
  once: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const call = new Call(caller, options)
  return call.retrying((attempt) => attempt.race(once(attempt.signal))).finally(() => call.close())
}

/** A time limit whose error names the problem: "no first token within 60 s". */
export function timeLimit(ms: number, problem: string, { retryable = false } = {}): Limit {
  const hint = 'Try again; for long answers raise the limits of the policy, for long inputs send less.'
  const late = () => new LlmError('timeout', `${problem} within ${toSeconds(ms)}`, { hint, retryable })
  return { ms, late }
}

function toSeconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`
}
