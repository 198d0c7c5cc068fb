import pLimit from 'p-limit'
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
 * is full, and the signal's reason if the client has disconnected by the time its slot is free.
 */
export function createAdmission({ running, waiting }: AdmissionLimits): Admission {
  const limit = pLimit(running)
  return async (signal) => {
    if (limit.pendingCount >= waiting)
      throw new HttpError(503, 'busy', 'Too many questions at once', {
        hint: 'Try again in a moment.',
        retryAfterSeconds: 1,
      })
    return new Promise((resolve, reject) => {
      const turn = () =>
        new Promise<void>((giveBack) => {
          if (!signal.aborted) return resolve(giveBack)
          reject(signal.reason)
          giveBack()
        })
      limit(turn).catch(reject)
    })
  }
}
