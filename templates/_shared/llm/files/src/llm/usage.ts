import type { TokenCounts } from './models.ts'

/** What one call used. Times in milliseconds, from the call to the answer, retries included. */
export interface CallUsage extends TokenCounts {
  model: string
  /** null: the price is unknown. */
  costUsd: number | null
  /** null: not streamed, or nothing came. */
  firstTokenMs: number | null
  totalMs: number
  /** Output tokens per second of writing. null: no time to speak of. */
  tokensPerSecond: number | null
  /** false: failed, aborted or cut off. */
  complete: boolean
  /** true: tokens and cost are estimates, because the provider reported none. */
  estimated: boolean
}

/** Sums over calls, except `firstTokenMs` (mean) and `tokensPerSecond` (all output over all time of writing). */
export interface UsageTotal extends Omit<CallUsage, 'model' | 'complete'> {
  calls: number
  incompleteCalls: number
  cachedInputTokens: number
}

export class Meter {
  readonly #calls: CallUsage[] = []

  get calls(): readonly CallUsage[] {
    return this.#calls
  }

  record(call: CallUsage): void {
    this.#calls.push(call)
  }

  total(): UsageTotal {
    const calls = this.#calls
    const sum = (pick: (call: CallUsage) => number) => calls.reduce((total, call) => total + pick(call), 0)
    const streamed = calls.flatMap((call) => call.firstTokenMs ?? [])
    const outputTokens = sum((call) => call.outputTokens)
    const totalMs = sum((call) => call.totalMs)
    const waitedMs = streamed.reduce((total, ms) => total + ms, 0)
    return {
      calls: calls.length,
      incompleteCalls: calls.filter((call) => !call.complete).length,
      inputTokens: sum((call) => call.inputTokens),
      outputTokens,
      cachedInputTokens: sum((call) => call.cachedInputTokens ?? 0),
      costUsd: calls.some((call) => call.costUsd === null) ? null : sum((call) => call.costUsd ?? 0),
      firstTokenMs: streamed.length > 0 ? waitedMs / streamed.length : null,
      totalMs,
      tokensPerSecond: speed(outputTokens, totalMs - waitedMs),
      estimated: calls.some((call) => call.estimated),
    }
  }
}

/** Tokens per second. */
export function speed(tokens: number, ms: number): number | null {
  return tokens > 0 && ms >= 1 ? (tokens * 1000) / ms : null
}

/** Two plain lines for a terminal; `~` marks estimates. */
export function formatUsage(total: UsageTotal): string {
  const about = total.estimated ? '~' : ''
  const count = (tokens: number) => `${about}${tokens.toLocaleString('en-US')}`
  const cached = total.cachedInputTokens > 0 ? ` (${count(total.cachedInputTokens)} from cache)` : ''
  const usd = total.costUsd === null ? null : Number(total.costUsd.toPrecision(3))
  const cost = usd === null ? 'price unknown' : `${usd > 0 ? about : ''}$${usd}`
  const calls = total.calls === 1 ? '1 call' : `${total.calls} calls`
  const incomplete = total.incompleteCalls > 0 ? `, ${total.incompleteCalls} incomplete` : ''
  const times = [
    total.firstTokenMs === null ? [] : `first token ${Math.round(total.firstTokenMs)} ms`,
    total.tokensPerSecond === null ? [] : `${about}${Math.round(total.tokensPerSecond)} tokens/s`,
    `${(total.totalMs / 1000).toFixed(1)} s in all`,
  ].flat()
  return [
    `tokens: ${count(total.inputTokens)} in${cached}, ${count(total.outputTokens)} out; cost: ${cost}`,
    `${calls}${incomplete}: ${times.join(', ')}`,
  ].join('\n')
}
