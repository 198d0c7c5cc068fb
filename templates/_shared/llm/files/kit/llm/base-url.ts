import { BlockList, isIP } from 'node:net'
import { ConfigError } from '#kit/console/errors'

export interface BaseUrl {
  url: string
  /** false: plain HTTP to another machine, where anyone on the way could read a key. */
  mayCarryKey: boolean
}

/**
 * Checks the base URL in `variable`: HTTPS anywhere, plain HTTP to this machine, plain HTTP to a private host only if
 * allowed, and then without a key. A URL without a path gets `/v1`, where these APIs live.
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
  if (protocol === 'https:' || isLoopback(hostname)) return { url, mayCarryKey: true }
  if (!isPrivate(hostname)) {
    throw new ConfigError(`${variable} is plain http to a public host (${hostname})`, 'Use https.')
  }
  if (allowHttp) return { url, mayCarryKey: false }
  const hint = 'Use https, or set ALLOW_HTTP_BASE_URL=1 if you trust that network; no key is sent then.'
  throw new ConfigError(`${variable} is plain http to another machine (${hostname})`, hint)
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const privateNetworks = new BlockList()
privateNetworks.addSubnet('10.0.0.0', 8)
privateNetworks.addSubnet('172.16.0.0', 12)
privateNetworks.addSubnet('192.168.0.0', 16)
privateNetworks.addSubnet('100.64.0.0', 10)
privateNetworks.addSubnet('fc00::', 7, 'ipv6')

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || isIn(loopback, hostname)
}

/** A private address, or a name that only a local network knows: no dot in it, or a reserved ending. */
function isPrivate(hostname: string): boolean {
  return isIn(privateNetworks, hostname) || /^[^.:[\]]+$|\.(?:local|internal|lan|home\.arpa)$/.test(hostname)
}

function isIn(list: BlockList, hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
}
