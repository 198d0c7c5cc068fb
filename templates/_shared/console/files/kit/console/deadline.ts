export interface Limit {
  ms: number
  /** Creates the abort reason when the time is up. */
  late: () => unknown
}

/**
 * Runs `work` until it settles, the limit passes or `signal` aborts, even if `work` ignores its scope's
 * signal. On an abort, rejects with its reason and ignores what `work` does later.
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

/**
 * Settles like `work`, or rejects with the signal's reason on an abort, even if `work` ignores the signal.
 */
export async function untilAborted<T>(signal: AbortSignal, work: () => PromiseLike<T>): Promise<T> {
  signal.throwIfAborted()
  return awaitOrAbort(signal, work())
}

/**
 * Work that can be aborted by a parent signal, by a time limit or by its owner.
 * Pass `scope.signal` to the work. It doesn't use `AbortSignal.any`, whose signals stay registered on a
 * long-lived parent; a closed scope leaves nothing there.
 */
export class AbortScope {
  readonly #controller = new AbortController()
  readonly signal = this.#controller.signal
  /** Removes timers and listeners without aborting. */
  readonly close: () => void
  /** Restarts the time limit of the constructor. */
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

  /** Settles like `work`, or rejects with the abort's reason. Exceeding `limit` aborts the whole scope. */
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
