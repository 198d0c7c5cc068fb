import { isRecord, parseJson } from '#kit/console/json'

/** A stream of changes is answered only when it ends. */
const ENDLESS = new Set(['subscriptions/listen'])

/** Requests that were received and are not answered yet. */
export class OpenCalls {
  readonly #ids = new Set<unknown>()
  readonly #waiting = new Set<() => void>()

  /** Notes the requests of a line from the client, and those that it cancels. */
  receive(line: string): void {
    for (const { id, method, params } of readMessages(line)) {
      if (id !== undefined && typeof method === 'string' && !ENDLESS.has(method)) this.#ids.add(id)
      // A call that was cancelled gets no answer.
      if (method === 'notifications/cancelled' && isRecord(params)) this.#remove(params['requestId'])
    }
  }

  /** Notes the answers of a line that has reached the client. */
  answer(line: string): void {
    for (const { id, method } of readMessages(line)) if (method === undefined) this.#remove(id)
  }

  /** Resolves once everything is answered, or on an abort. */
  async settle(signal: AbortSignal): Promise<void> {
    if (this.#ids.size === 0 || signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  #remove(id: unknown): void {
    this.#ids.delete(id)
    if (this.#ids.size > 0) return
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}

function readMessages(text: string): Record<string, unknown>[] {
  return text.split('\n').flatMap((line) => {
    const message = line.trim() === '' ? undefined : parseJson(line)
    return (Array.isArray(message) ? message : [message]).filter(isRecord)
  })
}
