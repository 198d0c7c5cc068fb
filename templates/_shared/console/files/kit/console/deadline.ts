export interface Limit {
  ms: number
  /** Creates the abort reason when the time is up. */
  late: () => unknown
}

/**
 * Runs `work`, and waits for it no longer than the limit and the signal allow, even if it ignores the signal of its scope. Rejects with the reason of an
 * abort; what the work does later is ignored.
 */
export async function runWithDeadline<T>(
  signal: AbortSignal | undefined,
  limit: Limit,
  work: (scope: AbortScope) => PromiseLike<T>,
): Promise<T> {
  const scope = new AbortScope(signal, limit)
  try {
    scope.signal.throwIfAborted()
    return await scope.race(work(scope))
  } finally {
    scope.close()
  }
}

/** The result of `work`, or the signal's reason, even if the work ignores the signal. */
export async function untilAborted<T>(signal: AbortSignal, work: () => PromiseLike<T>): Promise<T> {
  signal.throwIfAborted()
  return awaitOrAbort(signal, work())
}

/**
 * A stretch of work that can be cut short: by the signal it was made from, by the clock, or by its owner. Its own `signal` goes to the work. No
 * `AbortSignal.any`: its signals stay on a long-lived parent, and a scope leaves nothing there once it is closed.
 */
export class AbortScope {
  readonly #controller = new AbortController()
  readonly signal = this.#controller.signal
  /** Removes timers and listeners; nothing is aborted. */
  readonly close: () => void
  /** Starts the clock of the limit again. */
  readonly restart: () => void

  constructor(parent: AbortSignal | undefined, limit?: Limit) {
    const follow = () => this.abort(parent?.reason)
    const timer = this.#abortAfter(limit)
    this.restart = () => void timer?.refresh()
    this.close = () => {
      clearTimeout(timer)
      parent?.removeEventListener('abort', follow)
    }
    parent?.addEventListener('abort', follow)
    if (parent?.aborted) follow()
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason)
    this.close()
  }

  /** Settles like `work`, or rejects with the reason of an abort. Passing `limit` aborts the scope. */
  async race<T>(work: PromiseLike<T>, limit?: Limit): Promise<T> {
    const timer = this.#abortAfter(limit)
    try {
      return await awaitOrAbort(this.signal, work)
    } finally {
      clearTimeout(timer)
    }
  }

  #abortAfter(limit: Limit | undefined) {
    return limit && setTimeout(() => this.abort(limit.late()), limit.ms)
  }
}

async function awaitOrAbort<T>(signal: AbortSignal, work: PromiseLike<T>): Promise<T> {
  let onAbort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
  })
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([aborted, work])
  } catch (error) {
    signal.throwIfAborted() // the work may have noticed first and thrown its own error
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
