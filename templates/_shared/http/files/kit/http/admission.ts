import { HttpError } from './errors.ts'

export interface AdmissionLimits {
  /** Requests that run at the same time. */
  running: number
  /** Requests that wait for a free slot. */
  waiting: number
}

export interface Admission {
  /** Waits for a free slot. Resolves to the function that releases the slot. */
  (signal: AbortSignal): Promise<() => void>
  /**
   * Counts a request from its first byte on, before its body is read or anything else is done for it: else
   * hundreds of them would wait in the event loop, where no queue sees them. Returns the function that ends
   * the count. Throws the HttpError 503 when as many are inside as may run and wait.
   */
  enter(): () => void
}

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
  let inside = 0
  const enter = () => {
    if (inside >= running + waiting) throw refuseBusy()
    inside++
    return runOnce(() => inside--)
  }
  const admit = async (signal: AbortSignal) => {
    signal.throwIfAborted()
    if (free > 0) free--
    else if (queue.size < waiting) await waitInLine(queue, signal)
    else throw refuseBusy()
    return runOnce(giveBack)
  }
  return Object.assign(admit, { enter })
}

function runOnce(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

function refuseBusy(): HttpError {
  return new HttpError(503, 'busy', 'Too many questions at once', {
    hint: 'Try again in a moment.',
    retryAfterSeconds: 1,
  })
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
