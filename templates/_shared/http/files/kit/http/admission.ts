import { HttpError } from './errors.ts'

export interface AdmissionLimits {
  /** Requests that run at the same time. */
  running: number
  /** Requests that wait for a free slot. */
  waiting: number
}

/** Waits for a free slot. Resolves to the function that releases the slot. */
export type Admission = (signal: AbortSignal) => Promise<() => void>

/**
 * Limits how many requests run at the same time. The returned function throws an HttpError 503 if the queue
 * is full, and the signal's reason once the client disconnects: its place is free at once.
 */
export function createAdmission({ running, waiting }: AdmissionLimits): Admission {
  let free = running
  const queue = new Set<() => void>()
  const giveBack = () => {
    const [next] = queue
    if (next === undefined) free++
    else next()
  }
  return async (signal) => {
    signal.throwIfAborted()
    if (free > 0) free--
    else if (queue.size < waiting) await waitInLine(queue, signal)
    else
      throw new HttpError(503, 'busy', 'Too many questions at once', {
        hint: 'Try again in a moment.',
        retryAfterSeconds: 1,
      })
    let isMine = true
    return () => {
      if (isMine) giveBack()
      isMine = false
    }
  }
}

/** Resolves when it is this one's turn, and rejects when it leaves. */
function waitInLine(queue: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leaveLine = () => {
      queue.delete(takeTurn)
      signal.removeEventListener('abort', onAbort)
    }
    const takeTurn = () => {
      leaveLine()
      resolve()
    }
    const onAbort = () => {
      leaveLine()
      reject(signal.reason)
    }
    queue.add(takeTurn)
    signal.addEventListener('abort', onAbort)
  })
}
