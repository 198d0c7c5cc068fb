import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { causeOf } from './github.ts'

const LOCAL = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  LOCAL.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 96],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  LOCAL.addSubnet(network, bits, 'ipv6')

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

export type PublicAnswer =
  | { kind: 'answered'; status: number; text: string; ms: number; url: string }
  | { kind: 'local'; address: string }
  | { kind: 'bad-url' }
  | { kind: 'no-answer'; reason: string }

interface FetchOptions {
  allowLoopback: boolean
  signal: AbortSignal
  fetch: typeof fetch
  tries: number
}

const TIMEOUT_MS = 10_000
const MOST_REDIRECTS = 3
const MOST_BYTES = 64_000

/** GET, as a stranger on the internet would: no local addresses, also not after a redirect. Waits for a service that is woken up by the first call. */
export async function fetchPublic(url: string, options: FetchOptions): Promise<PublicAnswer> {
  let answer: PublicAnswer = { kind: 'bad-url' }
  for (let attempt = 0; attempt < options.tries; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt))
    options.signal.throwIfAborted()
    answer = await once(url, options, MOST_REDIRECTS)
    const isFinal = answer.kind !== 'no-answer' && !(answer.kind === 'answered' && answer.status >= 500)
    if (isFinal) return answer
  }
  return answer
}

async function once(url: string, options: FetchOptions, redirects: number): Promise<PublicAnswer> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password)
    return { kind: 'bad-url' }
  const start = performance.now()
  try {
    const local = await localAddress(parsed.hostname, options.allowLoopback)
    if (local) return { kind: 'local', address: local }
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)])
    const response = await options.fetch(parsed, {
      redirect: 'manual',
      signal,
      headers: { 'user-agent': 'ai-eng-starter' },
    })
    const location = response.headers.get('location')
    if (response.status >= 300 && response.status < 400 && location && redirects > 0)
      return await once(new URL(location, parsed).href, options, redirects - 1)
    const text = await firstBytes(response)
    return {
      kind: 'answered',
      status: response.status,
      text,
      ms: Math.round(performance.now() - start),
      url: parsed.href,
    }
  } catch (error) {
    options.signal.throwIfAborted()
    return { kind: 'no-answer', reason: causeOf(error) }
  }
}

async function localAddress(hostname: string, allowLoopback: boolean): Promise<string | undefined> {
  const bare = hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(bare) ? [{ address: bare, family: isIP(bare) }] : await lookup(bare, { all: true })
  return addresses.find(({ address, family }) => {
    const type = family === 6 ? 'ipv6' : 'ipv4'
    return LOCAL.check(address, type) && !(allowLoopback && LOOPBACK.check(address, type))
  })?.address
}

async function firstBytes(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MOST_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8')
}
