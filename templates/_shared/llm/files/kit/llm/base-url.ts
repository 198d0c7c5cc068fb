import { ConfigError } from '#kit/console/errors'
import { isLocalNetworkAddress, isLoopbackAddress, stripBrackets } from '#kit/net/public-address'

export interface BaseUrl {
  url: string
  /** false: plain HTTP to another machine, where the key could be read on the way. */
  mayCarryKey: boolean
}

/**
 * Checks the base URL in `variable`: HTTPS to any host, plain HTTP to this machine, plain HTTP to a private
 * host only with `allowHttp` and without a key. A URL without a path gets `/v1`, the path of these APIs, and
 * so does every path of Anthropic's: its own tools write the URL without. An endpoint's path is cut off.
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
  const host = stripBrackets(hostname)
  const url = `${toConnectable(origin, host)}${completePath(variable, pathname)}`
  if (protocol === 'https:' || isThisMachine(host)) return { url, mayCarryKey: true }
  if (!isPrivate(host)) {
    throw new ConfigError(`${variable} is plain http to a public host (${hostname})`, 'Use https.')
  }
  if (allowHttp) return { url, mayCarryKey: false }
  const hint = 'Use https, or set ALLOW_HTTP_BASE_URL=1 if you trust that network; no key is sent then.'
  throw new ConfigError(`${variable} is plain http to another machine (${hostname})`, hint)
}

const ENDPOINT = /\/(?:chat\/completions|completions|responses|messages|embeddings|models)$/

function completePath(variable: string, pathname: string): string {
  const path = pathname.replace(/\/+$/, '').replace(ENDPOINT, '')
  const needsVersion = path === '' || (variable === 'ANTHROPIC_BASE_URL' && !/\/v\d+\w*$/.test(path))
  return needsVersion ? `${path}/v1` : path
}

/** What servers print when they listen on every address. No client can connect to it on every system. */
const EVERY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

function toConnectable(origin: string, host: string): string {
  const address = EVERY_ADDRESS[host]
  return address === undefined ? origin : origin.replace(host, () => address)
}

/** How containers and virtual machines name the machine that they run on. */
const HOST_MACHINE = /^(?:host|gateway)\.(?:docker|containers|lima|orb|minikube|rancher-desktop)\.internal$/

/** Whether a host is this machine: RFC 6761 reserves `localhost` and every name below it. */
export function isThisMachine(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  const isNamed = name === 'localhost' || name.endsWith('.localhost') || HOST_MACHINE.test(name)
  return isNamed || name in EVERY_ADDRESS || isLoopbackAddress(name)
}

/** Whether a URL leads to this machine or its own network, where a server often wants a key of any kind. */
export function isLocalUrl(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false
  const host = stripBrackets(new URL(url).hostname)
  return isThisMachine(host) || isPrivate(host)
}

/** A local network address, or a name that only a local network resolves: no dot, or a reserved ending. */
function isPrivate(host: string): boolean {
  return isLocalNetworkAddress(host) || /^[^.:[\]]+$|\.(?:local|internal|lan|home\.arpa)$/.test(host)
}
