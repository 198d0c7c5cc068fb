import type { TokenCounts } from '#kit/llm/cost'

/** What one call used. Times in milliseconds, from the call to the answer, retries included. */
export interface CallUsage extends TokenCounts {
  model: string
  /** null: the price is unknown. */
  costUsd: number | null
  /** null: not streamed, or no token arrived. */
  firstTokenMs: number | null
  totalMs: number
  /** Output tokens per second, from the first token if it is known. null: no output, or less than 1 ms. */
  tokensPerSecond: number | null
  /** false: failed, aborted or cut off. */
  complete: boolean
  /** true: tokens and cost are estimates, because the provider reported none. */
  estimated: boolean
}

/** Sums over calls, except `firstTokenMs` (mean) and `tokensPerSecond` (all output over all writing time). */
export interface UsageTotal extends Omit<CallUsage, 'model' | 'complete'> {
  calls: number
  incompleteCalls: number
  cachedInputTokens: number
}

/** A server makes calls for months: the sums cover all of them, the list only the latest. */
const REMEMBERED_CALLS = 1_000

export class Meter {
  readonly #latest: CallUsage[] = []
  readonly #sums = {
    ...{ calls: 0, incompleteCalls: 0, streamedCalls: 0, waitedMs: 0, totalMs: 0 },
    ...{ inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, costUsd: 0 },
    ...{ isPriceUnknown: false, estimated: false },
  }

  /** The latest calls, oldest first, at most 1,000. */
  get calls(): readonly CallUsage[] {
    return this.#latest
  }

  record(call: CallUsage): void {
    this.#latest.push(call)
    if (this.#latest.length > REMEMBERED_CALLS) this.#latest.shift()
    const sums = this.#sums
    sums.calls++
    if (!call.complete) sums.incompleteCalls++
    if (call.firstTokenMs !== null) sums.streamedCalls++
    sums.waitedMs += call.firstTokenMs ?? 0
    sums.totalMs += call.totalMs
    sums.inputTokens += call.inputTokens
    sums.outputTokens += call.outputTokens
    sums.cachedInputTokens += call.cachedInputTokens ?? 0
    sums.costUsd += call.costUsd ?? 0
    sums.isPriceUnknown ||= call.costUsd === null
    sums.estimated ||= call.estimated
  }

  total(): UsageTotal {
    const { streamedCalls, waitedMs, isPriceUnknown, costUsd, ...sums } = this.#sums
    return {
      ...sums,
      costUsd: isPriceUnknown ? null : costUsd,
      firstTokenMs: streamedCalls > 0 ? waitedMs / streamedCalls : null,
      tokensPerSecond: computeSpeed(sums.outputTokens, sums.totalMs - waitedMs),
    }
  }
}

/** Tokens per second. null: no tokens, or less than 1 ms. */
export function computeSpeed(tokens: number, ms: number): number | null {
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
