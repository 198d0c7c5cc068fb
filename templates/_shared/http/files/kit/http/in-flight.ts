import { HttpError } from './errors.ts'

/** One request, for as long as it is worked on. */
export interface Scope {
  /** Aborted when the client leaves, when its time is up, and when the server cannot wait any longer. */
  signal: AbortSignal
  end(): void
}

/** The requests that are being answered, so that a shutdown can wait for them, and end those that take too long. */
export class InFlight {
  readonly #controllers = new Set<AbortController>()
  #whenEmpty: (() => void) | undefined

  get size(): number {
    return this.#controllers.size
  }

  /** `client` aborts when it has left. */
  begin(client: AbortSignal, timeoutMs: number): Scope {
    const controller = new AbortController()
    const leave = () => controller.abort(client.reason)
    const late = () =>
      controller.abort(new HttpError(504, 'timeout', `No answer within ${timeoutMs / 1_000} s`))
    const timer = setTimeout(late, timeoutMs)
    client.addEventListener('abort', leave)
    if (client.aborted) leave()
    this.#controllers.add(controller)
    const end = () => {
      clearTimeout(timer)
      client.removeEventListener('abort', leave)
      this.#controllers.delete(controller)
      if (this.size === 0) this.#whenEmpty?.()
    }
    return { signal: controller.signal, end }
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
    for (const controller of this.#controllers) controller.abort(reason)
  }
}
