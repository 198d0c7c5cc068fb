import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

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

/** `1` lets gates talk to this machine, so that stand-ins can play GitHub and a deployed service in tests. Evidence says so. */
export function allowsLoopback(env: NodeJS.ProcessEnv): boolean {
  return env['AI_ENG_STARTER_ALLOW_LOOPBACK'] === '1'
}

/** Whether an address is one of this machine, by its text alone. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = bareHost(new URL(url).hostname)
  if (isIP(host) === 0) return host === 'localhost' || host.endsWith('.localhost')
  return LOOPBACK.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
}

/** The first of a host's addresses that nobody else can reach, if it has one. */
export async function localAddress(hostname: string, allowLoopback: boolean): Promise<string | undefined> {
  const bare = bareHost(hostname)
  const addresses = isIP(bare) ? [{ address: bare, family: isIP(bare) }] : await lookup(bare, { all: true })
  return addresses.find(({ address, family }) => {
    const type = family === 6 ? 'ipv6' : 'ipv4'
    return LOCAL.check(address, type) && !(allowLoopback && LOOPBACK.check(address, type))
  })?.address
}

function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
