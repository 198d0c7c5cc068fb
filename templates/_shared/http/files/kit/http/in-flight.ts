import { AbortScope } from '#kit/console/deadline'
import { HttpError } from './errors.ts'

/** One request in flight. */
export interface Scope {
  /** Aborted when the client leaves, when its time is up, and when the server cannot wait any longer. */
  signal: AbortSignal
  end(): void
}

/** The requests that are being answered, so that a shutdown can wait for them, and end those that take too long. */
export class InFlight {
  readonly #scopes = new Set<AbortScope>()
  #whenEmpty: (() => void) | undefined

  get size(): number {
    return this.#scopes.size
  }

  /** `client` aborts when it has left. */
  begin(client: AbortSignal, timeoutMs: number): Scope {
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

  /** Resolves when the last has ended; to false when some have not within the time. */
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
