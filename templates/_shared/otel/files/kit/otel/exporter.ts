import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { explainNetworkFailure } from '#kit/net/failure'
import { type Ended, toOtlp } from './otlp.ts'
import type { OtelSettings } from './settings.ts'

/** Statuses by which a collector asks for a retry. */
const RETRYABLE = new Set([429, 502, 503, 504])
const FIRST_WAIT_MS = 1_000
const MAX_RETRIES = 5

/** Sends ended spans in batches, in the background. Unsent spans are lost, and `onLost` gets the reason. */
export class BatchExporter {
  readonly #settings: OtelSettings
  readonly #onLost: (reason: string) => void
  #queue: Ended[] = []
  #timer: NodeJS.Timeout | undefined
  /** Batches are sent one after another. */
  #sending: Promise<void> = Promise.resolve()

  constructor(settings: OtelSettings, onLost: (reason: string) => void) {
    this.#settings = settings
    this.#onLost = onLost
  }

  add(ended: Ended): void {
    const { delayMs, size, queue } = this.#settings.batch
    if (this.#queue.length < queue) this.#queue.push(ended)
    else this.#onLost('they came faster than the collector took them')
    if (this.#queue.length >= size) this.#send()
    // The timer must not keep a finished program alive.
    this.#timer ??= setTimeout(() => this.#send(), delayMs).unref()
  }

  /** Resolves once every added span has been sent or is lost. */
  flush(): Promise<void> {
    this.#send()
    return this.#sending
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { size } = this.#settings.batch
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, size)
      this.#sending = this.#sending
        .then(() => this.#post(batch))
        .catch((error) =>
          this.#onLost(`the collector cannot be reached (${nameFailure(error, this.#settings.url)})`),
        )
    }
  }

  async #post(batch: readonly Ended[]): Promise<void> {
    const { resource, maxLength, timeoutMs, gzip, headers, url } = this.#settings
    const json = toOtlp(batch, resource, maxLength)
    const deadline = performance.now() + timeoutMs
    const request = {
      method: 'POST',
      body: gzip ? gzipSync(json) : json,
      redirect: 'manual' as const,
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...(gzip && { 'content-encoding': 'gzip' }),
      },
    }
    for (let retries = 0; ; retries++) {
      const signal = AbortSignal.timeout(Math.max(1, Math.ceil(deadline - performance.now())))
      const tried = await postSpans(url, { ...request, signal })
      if (tried.kind === 'sent') return
      const waitMs = tried.waitMs ?? FIRST_WAIT_MS * 1.5 ** retries * (0.8 + Math.random() * 0.4)
      const isLate = performance.now() + waitMs > deadline
      if (tried.kind === 'refused' || isLate || retries === MAX_RETRIES) throw tried.error
      await sleep(waitMs)
    }
  }
}

type Tried =
  | { kind: 'sent' }
  /** `waitMs`: the wait that the collector asks for. */
  | { kind: 'refused' | 'unavailable'; error: Error; waitMs?: number }

async function postSpans(url: string, request: RequestInit): Promise<Tried> {
  try {
    const response = await fetch(url, request)
    await response.arrayBuffer() // frees the connection
    if (response.ok) return { kind: 'sent' }
    const error = Object.assign(new Error('refused'), { status: response.status })
    if (!RETRYABLE.has(response.status)) return { kind: 'refused', error }
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    return { kind: 'unavailable', error, ...(seconds >= 0 && { waitMs: seconds * 1_000 }) }
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    return { kind: error.name === 'TimeoutError' ? 'refused' : 'unavailable', error }
  }
}

/** By the status or the code of an error. Not by its message, which can contain the headers. */
function nameFailure(error: Error, url: string): string {
  if ('status' in error) return `status ${error.status}`
  const cause = error.cause instanceof Error ? error.cause : error
  const code = 'code' in cause ? cause.code : undefined
  return explainNetworkFailure({ name: error.name, code }, url).problem
}
