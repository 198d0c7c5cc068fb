/** Why a request got no answer, and what to do about it: one sentence each. */
export interface NetworkFailure {
  problem: string
  hint: string
}

/** `host` is a name or an address, with its port where the URL has one. */
type Describe = (host: string) => NetworkFailure

const noName: Describe = (host) => ({
  problem: `DNS knows no host named ${stripPort(host)}`,
  hint: 'Check the spelling, and that the name has a DNS record.',
})
const noDns: Describe = (host) => ({
  problem: `DNS did not answer when asked for ${stripPort(host)}`,
  hint: 'Check the network and the DNS server of this machine, then try again.',
})
const refused: Describe = (host) => ({
  problem: `${host} refused the connection`,
  hint: 'Start the server, or correct host and port.',
})
const late: Describe = (host) => ({
  problem: `${host} did not answer in time`,
  hint: 'Check that it is running and that no firewall is in between, then try again.',
})
const broken: Describe = (host) => ({
  problem: `${host} closed the connection before it had answered`,
  hint: "Look at the server's log, then try again.",
})
const noRoute: Describe = (host) => ({
  problem: `This machine has no route to ${host}`,
  hint: 'Check the network, the VPN and the firewall.',
})
const notHttp: Describe = (host) => ({
  problem: `${host} answered with something other than HTTP`,
  hint: 'Check the port, and whether the address begins with http or https.',
})
const noTls: Describe = (host) => ({
  problem: `${host} does not speak TLS on this port, or only a version that Node refuses`,
  hint: 'Check the port, and whether the address begins with http or https.',
})
const redirected: Describe = (host) => ({
  problem: `${host} answered with a redirect, which is not followed`,
  hint: 'Use the final address.',
})
const badPort: Describe = (host) => ({
  problem: `bad port: fetch refuses to connect to ${host}`,
  hint: 'Serve on another port, such as 8080.',
})

const untrusted =
  (why: string, hint: string): Describe =>
  (host) => ({ problem: `The certificate of ${host} ${why}`, hint })
const unknownIssuer = untrusted(
  'is not signed by an authority that this machine trusts',
  'Install the full chain on the server, or name your own authority in NODE_EXTRA_CA_CERTS.',
)

const BY_CODE: Readonly<Record<string, Describe>> = {
  ENOTFOUND: noName,
  ENODATA: noName,
  EAI_NONAME: noName,
  EAI_NODATA: noName,
  EAI_AGAIN: noDns,
  EAI_FAIL: noDns,
  ECONNREFUSED: refused,
  ETIMEDOUT: late,
  ESOCKETTIMEDOUT: late,
  UND_ERR_CONNECT_TIMEOUT: late,
  UND_ERR_HEADERS_TIMEOUT: late,
  UND_ERR_BODY_TIMEOUT: late,
  ECONNRESET: broken,
  ECONNABORTED: broken,
  EPIPE: broken,
  UND_ERR_SOCKET: broken,
  EHOSTUNREACH: noRoute,
  EHOSTDOWN: noRoute,
  ENETUNREACH: noRoute,
  ENETDOWN: noRoute,
  EADDRNOTAVAIL: noRoute,
  EPROTO: noTls,
  CERT_HAS_EXPIRED: untrusted('has expired', 'Renew it on the server.'),
  CERT_NOT_YET_VALID: untrusted('is not valid yet', 'Check the clocks of the server and of this machine.'),
  CERT_REVOKED: untrusted('was revoked', 'Replace it on the server.'),
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted('is for another name', 'Use the name that it was issued for.'),
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownIssuer,
  SELF_SIGNED_CERT_IN_CHAIN: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  CERT_UNTRUSTED: unknownIssuer,
}

/** Codes of one family: the parser's, and OpenSSL's. */
const BY_PREFIX: readonly (readonly [RegExp, Describe])[] = [
  [/^HPE_/, notHttp],
  [/^ERR_(?:SSL|TLS)_/, noTls],
]

/** What fetch says in words only. */
const BY_MESSAGE: readonly (readonly [RegExp, Describe])[] = [
  [/^(?:terminated|other side closed|socket hang up)$/, broken],
  [/redirect/, redirected],
  [/^bad port$/, badPort],
]

/**
 * Why a request to an address got no answer. Takes what `fetch`, `node:http`, `node:dns` and their wrappers
 * throw: the telling error may be the cause of another one, or one of several, as Node tries each address of
 * a host. Never throws, and never repeats a user, a password, a path or a query of the address.
 */
export function explainNetworkFailure(error: unknown, address: string | URL): NetworkFailure {
  const host = nameHost(address)
  const chain = listCauses(error)
  const codes = chain.map(readCode)
  const describe = chain.map((one, index) => findDescription(one, codes[index])).find(Boolean)
  const code = codes.find((one) => one !== undefined)
  const { problem, hint } = (describe ?? describeUnknown(chain))(host)
  return { problem: code === undefined ? problem : `${problem} (${code})`, hint }
}

/** Both sentences as one line. */
export function describeNetworkFailure(error: unknown, address: string | URL): string {
  const { problem, hint } = explainNetworkFailure(error, address)
  return `${problem}. ${hint}`
}

const DEEPEST = 8 // a cause can lead back to itself

function describeUnknown(chain: readonly unknown[]): Describe {
  const reason = chain.map(readMessage).findLast((message) => message !== '')
  return (host) => ({
    problem: `The request to ${host} failed${reason ? `: ${reason}` : ''}`,
    hint: 'Check the network, then try again.',
  })
}

/** An error, then what caused it, outermost first. */
function listCauses(error: unknown): unknown[] {
  const chain: unknown[] = []
  let current = error
  while (current !== undefined && current !== null && chain.length < DEEPEST) {
    chain.push(current)
    const { cause, errors } = current as { cause?: unknown; errors?: unknown }
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return chain
}

function findDescription(error: unknown, code: string | undefined): Describe | undefined {
  const { name } = error as { name?: unknown }
  if (name === 'TimeoutError') return late
  const byCode = code === undefined ? undefined : BY_CODE[code]
  if (byCode) return byCode
  const byPrefix = BY_PREFIX.find(([prefix]) => code !== undefined && prefix.test(code))
  return (byPrefix ?? BY_MESSAGE.find(([words]) => words.test(readMessage(error))))?.[1]
}

/** A system's code, such as ENOTFOUND. Those of a DOMException are numbers. */
function readCode(error: unknown): string | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code !== '' ? code : undefined
}

function readMessage(error: unknown): string {
  if (typeof error === 'string') return error
  const { message } = error as { message?: unknown }
  return typeof message === 'string' ? message.replaceAll(/\s+/g, ' ').trim() : ''
}

function nameHost(address: string | URL): string {
  if (typeof address === 'string' && !URL.canParse(address)) return 'the server'
  return new URL(address).host || 'the server'
}

function stripPort(host: string): string {
  return host.replace(/:\d+$/, '')
}
