import { describeNetworkFailure } from '../../../templates/_shared/net/files/kit/net/failure.ts'
import type { PublicAnswer } from '../../core/gates/http.ts'
import { findLocalAddress } from './addresses.ts'

interface FetchOptions {
  allowLoopback: boolean
  signal: AbortSignal
  fetch: typeof fetch
  tries: number
}

const TIMEOUT_MS = 10_000
const MOST_REDIRECTS = 3
const MOST_BYTES = 64_000

/**
 * Sends a GET request as a client on the public internet would: refuses local addresses, after a redirect
 * too. Retries while a sleeping service wakes up.
 */
export async function fetchPublic(url: string, options: FetchOptions): Promise<PublicAnswer> {
  let answer: PublicAnswer = { kind: 'bad-url' }
  for (let attempt = 0; attempt < options.tries; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt))
    options.signal.throwIfAborted()
    answer = await fetchOnce(url, options, MOST_REDIRECTS)
    const isFinal = answer.kind !== 'no-answer' && !(answer.kind === 'answered' && answer.status >= 500)
    if (isFinal) return answer
  }
  return answer
}

async function fetchOnce(url: string, options: FetchOptions, redirects: number): Promise<PublicAnswer> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password)
    return { kind: 'bad-url' }
  const start = performance.now()
  try {
    const local = await findLocalAddress(parsed.hostname, options.allowLoopback)
    if (local) return { kind: 'local', address: local }
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)])
    const response = await options.fetch(parsed, {
      redirect: 'manual',
      signal,
      headers: { 'user-agent': 'ai-eng-starter' },
    })
    const location = response.headers.get('location')
    if (response.status >= 300 && response.status < 400 && location && redirects > 0)
      return await fetchOnce(new URL(location, parsed).href, options, redirects - 1)
    const text = await readFirstBytes(response)
    return {
      kind: 'answered',
      status: response.status,
      text,
      ms: Math.round(performance.now() - start),
      url: parsed.href,
    }
  } catch (error) {
    options.signal.throwIfAborted()
    return { kind: 'no-answer', reason: describeNetworkFailure(error, parsed) }
  }
}

async function readFirstBytes(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MOST_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8')
}
