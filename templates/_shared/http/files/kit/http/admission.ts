import pLimit from 'p-limit'
import { HttpError } from './errors.ts'

export interface AdmissionLimits {
  /** That run at the same time. */
  running: number
  /** That wait for their turn. */
  waiting: number
}

/** Gives a turn: resolves when there is one, and is given back by the function it resolves to. */
export type Admission = (signal: AbortSignal) => Promise<() => void>

/** Limits concurrent requests. Throws a 503 when the queue is full; rejects with the signal's reason when a queued client disconnects. */
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
