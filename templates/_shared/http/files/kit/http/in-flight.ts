import { AbortScope } from '#kit/console/deadline'
import { HttpError } from './errors.ts'

/** One request in flight. */
export interface InFlightScope {
  /** Aborts when the client disconnects, when the request times out, or when a shutdown waits no longer. */
  signal: AbortSignal
  end(): void
}

/** The requests in progress. A shutdown waits for them, and aborts those that take too long. */
export class InFlight {
  readonly #scopes = new Set<AbortScope>()
  #whenEmpty: (() => void) | undefined

  get size(): number {
    return this.#scopes.size
  }

  /**
   * Registers a request. `client` aborts when the client disconnects. A timeout aborts the scope's signal
   * with an HttpError 504.
   */
  begin(client: AbortSignal, timeoutMs: number): InFlightScope {
    const late = () => new HttpError(504, 'timeout', `No answer within ${timeoutMs / 1_000} s`)
    const scope = new AbortScope(client, { ms: timeoutMs, late })
    this.#scopes.add(scope)
    const end = () => {
      scope.close()
      this.#scopes.delete(scope)
      if (this.size === 0) this.#whenEmpty?.()
    }
    return { signal: scope.signal, end }
  }

  /** Resolves to true once no request is in progress, or to false if some still are after `withinMs`. */
  settled(withinMs: number): Promise<boolean> {
    if (this.size === 0) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), withinMs)
      this.#whenEmpty = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }

  abortAll(reason: Error): void {
    for (const scope of this.#scopes) scope.abort(reason)
  }
}
