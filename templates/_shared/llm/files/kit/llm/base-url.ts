import { ConfigError } from '#kit/console/errors'
import { isLocalNetworkAddress, isLoopbackAddress, stripBrackets } from '#kit/net/public-address'

export interface BaseUrl {
  url: string
  /** false: plain HTTP to another machine, where the key could be read on the way. */
  mayCarryKey: boolean
}

/**
 * Checks the base URL in `variable`: HTTPS to any host, plain HTTP to this machine, plain HTTP to a private
 * host only with `allowHttp` and without a key. A URL without a path gets `/v1`, the path of these APIs.
 * Throws a ConfigError for any other URL.
 */
export function parseBaseUrl(variable: string, value: string, allowHttp: boolean): BaseUrl {
  const parsed = URL.canParse(value) ? new URL(value) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    const hint = `For example ${variable}=http://localhost:11434/v1`
    throw new ConfigError(`${variable} is not an http(s) URL`, hint)
  }
  const { protocol, hostname, origin, pathname } = parsed
  if (parsed.username || parsed.password || parsed.search || parsed.hash) {
    const hint = 'Put the key in its own variable.'
    throw new ConfigError(`${variable} must not have a user, password, query or #`, hint)
  }
  const url = `${origin}${pathname === '/' ? '/v1' : pathname.replace(/\/+$/, '')}`
  const host = stripBrackets(hostname)
  if (protocol === 'https:' || isLoopback(host)) return { url, mayCarryKey: true }
  if (!isPrivate(host)) {
    throw new ConfigError(`${variable} is plain http to a public host (${hostname})`, 'Use https.')
  }
  if (allowHttp) return { url, mayCarryKey: false }
  const hint = 'Use https, or set ALLOW_HTTP_BASE_URL=1 if you trust that network; no key is sent then.'
  throw new ConfigError(`${variable} is plain http to another machine (${hostname})`, hint)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host)
}

/** A local network address, or a name that only a local network resolves: no dot, or a reserved ending. */
function isPrivate(host: string): boolean {
  return isLocalNetworkAddress(host) || /^[^.:[\]]+$|\.(?:local|internal|lan|home\.arpa)$/.test(host)
}
