import { StoreError } from '#kit/store/store'

/** Hints by the name of the client's error. */
const HINTS: Record<string, string> = {
  ChromaConnectionError:
    'Start the server, or correct CHROMA_URL: docker run -p 127.0.0.1:8000:8000 chromadb/chroma',
  ChromaUnauthorizedError:
    'The server at CHROMA_URL wants a login, which this program does not have: use one that does not, behind your own network.',
  ChromaForbiddenError: 'The server at CHROMA_URL does not let this program in.',
  ChromaNotFoundError:
    'Correct CHROMA_URL: it must name a Chroma server 1.0 or newer. If the index was just rebuilt, try again.',
  ChromaRateLimitError: 'The server has too much to do: try again in a moment.',
  ChromaQuotaExceededError: 'Raise the quota, or index fewer documents.',
}

/** Converts any failure of the client to a StoreError: what happened, on one line, and what to do. */
export function toChromaError(error: unknown, name: string): StoreError {
  if (error instanceof StoreError) return error
  const [kind, message] = error instanceof Error ? [error.name, error.message] : ['', String(error)]
  // The client's advice is about browsers, and longer than a line.
  const reason = (message.split('. ')[0] ?? message).replaceAll(/\s+/g, ' ').slice(0, 300)
  const hint = HINTS[kind] ?? 'Try again; if it stays, look into the log of the server at CHROMA_URL.'
  return new StoreError(`${name}: ${reason}`, hint, { cause: error })
}

/**
 * Parses CHROMA_URL. Throws a StoreError if it is not the address of a server. The error does not repeat the
 * address, which may contain a password.
 */
export function parseAddress(url: string): URL {
  const invalid = (why: string) =>
    new StoreError(`CHROMA_URL ${why}`, 'http://127.0.0.1:8000, or https://chroma.example')
  if (!URL.canParse(url)) throw invalid('is not an address')
  const address = new URL(url)
  if (!/^https?:$/.test(address.protocol)) throw invalid('is not an http address')
  if (address.username || address.password)
    throw invalid('has a user or a password in it, which this program does not send')
  if (address.pathname !== '/') throw invalid('has a path in it; a server has none')
  return address
}
