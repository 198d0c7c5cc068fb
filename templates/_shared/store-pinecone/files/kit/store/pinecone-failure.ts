import { StoreError } from '#kit/store/store'

/** Message and hint by the name of the client's error. */
const SAID: Record<string, [what: string, hint: string]> = {
  PineconeAuthorizationError: [
    'the key was refused',
    'Check PINECONE_API_KEY: it has to be of the project that has the index.',
  ],
  PineconeNotFoundError: [
    'there is no such index',
    'Create it at app.pinecone.io (dense, cosine), or correct PINECONE_INDEX or PINECONE_HOST.',
  ],
  PineconeMaxRetriesExceededError: [
    'it answered with errors, also to repeated requests',
    'Try again later: status.pinecone.io. What was committed is whole; the same command goes on from there.',
  ],
  PineconeConnectionError: [
    'it cannot be reached, or its answer broke off',
    'Check the network and PINECONE_HOST; then try again.',
  ],
}

/**
 * Converts any failure of the client to a StoreError, on one line. Does not pass on the client's error, which
 * may hold headers, and with them the key.
 */
export function toPineconeError(error: unknown, name: string, apiKey: string): StoreError {
  if (error instanceof StoreError) return error
  // The client wraps the errors of our `fetch`.
  if (error instanceof Error && error.cause instanceof StoreError) return error.cause
  const [kind, message] = error instanceof Error ? [error.name, error.message] : ['', String(error)]
  const [what, hint] = SAID[kind] ?? [
    message.replaceAll(/\s+/g, ' ').slice(0, 300),
    'Try again; if it stays, look at the index at app.pinecone.io.',
  ]
  return new StoreError(`${name}: ${what}`.replaceAll(apiKey, '…'), hint)
}

const TRIES = 4
const MAX_WAIT_MS = 8_000

/**
 * Adds to `fetch` what the client lacks: a time limit for each request, and retries after a 429, which the
 * client treats as final. Throws a StoreError on a timeout, on the fourth 429, or if Retry-After is over 8 s.
 */
export function createPatientFetch(name: string, timeoutMs: number): typeof fetch {
  return async (url, init) => {
    for (let tries = 1; ; tries++) {
      const signal = AbortSignal.timeout(timeoutMs)
      const response = await fetch(url, { ...init, signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error
        throw new StoreError(
          `${name}: no answer within ${timeoutMs / 1_000} s`,
          'Try again later: status.pinecone.io.',
        )
      })
      if (response.status !== 429) return response
      const wait = computeWait(response.headers.get('retry-after'), tries)
      if (tries === TRIES || wait > MAX_WAIT_MS)
        throw new StoreError(
          `${name}: too many requests`,
          'Wait a minute, or raise the limits of the plan. The same command goes on from there.',
        )
      await response.body?.cancel()
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}

/** Returns milliseconds: the service's Retry-After or, without it, exponential backoff with jitter. */
function computeWait(header: string | null, tries: number): number {
  const asked = Number(header ?? Number.NaN) * 1_000
  return Number.isFinite(asked) && asked >= 0
    ? Math.max(250, asked)
    : 2 ** tries * (150 + 100 * Math.random())
}
