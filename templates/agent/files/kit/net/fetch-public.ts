import { lookup } from 'node:dns/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import { explainNetworkFailure } from '#kit/net/failure'
import { isPublicAddress } from '#kit/net/public-address'

/** A page that is not fetched, and why. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
}

/** What a fetch does on the network; tests bring their own. */
export interface Network {
  /** Every address of a name. */
  resolve(name: string): Promise<string[]>
  isAllowed(address: string): boolean
  /** Ports to connect to; all others are refused. */
  ports: readonly number[]
}

const internet: Network = {
  resolve: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  isAllowed: isPublicAddress,
  ports: [80, 443],
}

export interface FetchLimits {
  maxBytes: number
  maxRedirects: number
}

const LIMITS: FetchLimits = { maxBytes: 1024 * 1024, maxRedirects: 3 }

export interface Page {
  /** After redirects. */
  url: string
  status: number
  text: string
}

/**
 * Fetches a public page as text. A name is resolved once, all of its addresses must be public, and the
 * connection goes to the address that was checked, so DNS rebinding changes nothing. Each redirect is checked
 * like the first address. Throws a `FetchError`, or the signal's reason.
 */
export async function fetchPublic(
  address: string,
  signal: AbortSignal,
  network: Network = internet,
  { maxBytes, maxRedirects }: FetchLimits = LIMITS,
): Promise<Page> {
  let url = parse(address)
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const response = await ask(url, await pinAddress(url, network), signal)
    const status = response.statusCode ?? 0
    const { location, 'content-type': type = '' } = response.headers
    if (status >= 300 && status < 400 && location !== undefined) {
      response.destroy()
      url = parse(location, url)
      continue
    }
    if (!/^(?:text\/|application\/(?:json|xml|xhtml\+xml))/i.test(type)) {
      response.destroy()
      throw new FetchError(`${url.href} is not text: ${type || 'no content type'}`)
    }
    return { url: url.href, status, text: await readText(response, maxBytes) }
  }
  throw new FetchError(`more than ${maxRedirects} redirects`)
}

/** Parses as WHATWG does, so that `127.1` and `0x7f.1` become the addresses they mean. */
function parse(address: string, base?: URL): URL {
  if (!URL.canParse(address, base?.href)) throw new FetchError('that is not the address of a web page')
  const url = new URL(address, base)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new FetchError(`${url.protocol} is not fetched; only http and https are`)
  if (url.username !== '' || url.password !== '')
    throw new FetchError('an address with a password in it is not fetched')
  return url
}

/** The one address to connect to, checked. */
async function pinAddress(url: URL, network: Network): Promise<string> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (!network.ports.includes(port)) throw new FetchError(`port ${port} is refused`)
  const name = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(name) === 0 ? await resolveName(name, url, network) : [name]
  const [first] = addresses
  if (first === undefined) throw new FetchError(`${name} has no address`)
  if (!addresses.every(network.isAllowed))
    throw new FetchError(`${url.hostname} is not on the public internet`)
  return first
}

async function resolveName(name: string, url: URL, network: Network): Promise<string[]> {
  return network.resolve(name).catch((error: unknown) => {
    throw new FetchError(explainNetworkFailure(error, url).problem)
  })
}

type Response = Readable & {
  statusCode?: number | undefined
  headers: Record<string, string | string[] | undefined> & {
    location?: string | undefined
    'content-type'?: string | undefined
  }
}

function ask(url: URL, address: string, signal: AbortSignal): Promise<Response> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const options = {
    host: address,
    port: url.port || undefined,
    path: `${url.pathname}${url.search}`,
    // The connection goes to the checked address; the name stands in the request, and in the certificate.
    headers: { host: url.host, accept: 'text/*, application/json', 'user-agent': 'agent' },
    servername: isIP(url.hostname) === 0 ? url.hostname : '',
    agent: false as const,
    signal,
  }
  return new Promise((resolve, reject) => {
    const failed = (error: Error) =>
      reject(signal.aborted ? signal.reason : new FetchError(explainNetworkFailure(error, url).problem))
    request(options, resolve).on('error', failed).end()
  })
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    size += bytes.length
    if (size > maxBytes) break
  }
  response.destroy()
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8')
}
