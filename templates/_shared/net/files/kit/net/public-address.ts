import { BlockList, isIP } from 'node:net'

/**
 * IPv4 blocks that are not on the public internet: those in IANA's special-purpose registry
 * that are not globally reachable (iana.org/assignments/iana-ipv4-special-registry), and multicast
 * (iana.org/assignments/multicast-addresses).
 */
const NOT_PUBLIC_V4: readonly [network: string, bits: number][] = [
  ['0.0.0.0', 8], // "this network", RFC 791
  ['10.0.0.0', 8], // private, RFC 1918
  ['100.64.0.0', 10], // carrier-grade NAT, RFC 6598
  ['127.0.0.0', 8], // loopback, RFC 1122
  ['169.254.0.0', 16], // link-local, including cloud metadata, RFC 3927
  ['172.16.0.0', 12], // private, RFC 1918
  ['192.0.0.0', 24], // protocol assignments, RFC 6890
  ['192.0.2.0', 24], // documentation, RFC 5737
  ['192.88.99.0', 24], // 6to4 relays, deprecated by RFC 7526
  ['192.168.0.0', 16], // private, RFC 1918
  ['198.18.0.0', 15], // benchmarking, RFC 2544
  ['198.51.100.0', 24], // documentation, RFC 5737
  ['203.0.113.0', 24], // documentation, RFC 5737
  ['224.0.0.0', 4], // multicast, RFC 5771
  ['240.0.0.0', 4], // reserved, including broadcast 255.255.255.255, RFC 1112
]

/**
 * Only global unicast IPv6 is on the public internet (iana.org/assignments/ipv6-address-space).
 * That excludes loopback, unique local fc00::/7, link-local fe80::/10, multicast ff00::/8, and embedded IPv4:
 * mapped ::ffff:0:0/96, compatible ::/96, and NAT64 64:ff9b::/96 and 64:ff9b:1::/48.
 */
const GLOBAL_UNICAST_V6 = ['2000::', 3] as const
/** Special-purpose blocks in global unicast (iana.org/assignments/iana-ipv6-special-registry). */
const NOT_PUBLIC_V6: readonly [network: string, bits: number][] = [
  ['2001::', 23], // protocol assignments, including Teredo, which embeds an IPv4 address, RFC 2928
  ['2001:db8::', 32], // documentation, RFC 3849
  ['2002::', 16], // 6to4, which embeds an IPv4 address, RFC 3056
  ['3fff::', 20], // documentation, RFC 9637
]

const LOOPBACK = blockList([['127.0.0.0', 8]], [['::1', 128]])
const LOCAL_NETWORK = blockList(
  [
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ],
  [['fc00::', 7]],
)
const NOT_PUBLIC = blockList(NOT_PUBLIC_V4, NOT_PUBLIC_V6)
const GLOBAL_UNICAST = blockList([], [GLOBAL_UNICAST_V6])

/** Returns whether an IP address is known to be on the public internet; false for a host name. */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false // the zone of a link-local address
  if (isIP(address) === 6 && !isListed(GLOBAL_UNICAST, address)) return false
  return isIP(address) !== 0 && !isListed(NOT_PUBLIC, address)
}

/** Returns whether an IP address is loopback, `::ffff:127.0.0.1` included; false for a host name. */
export function isLoopbackAddress(address: string): boolean {
  return isListed(LOOPBACK, address)
}

/**
 * Returns whether an IP address belongs to a home, company or overlay network: private, carrier-grade NAT or
 * unique local. False for a host name.
 */
export function isLocalNetworkAddress(address: string): boolean {
  return isListed(LOCAL_NETWORK, address)
}

/** Strips the brackets of an IPv6 address from a URL's host. */
export function stripBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

type Networks = readonly (readonly [network: string, bits: number])[]

function blockList(v4: Networks, v6: Networks): BlockList {
  const list = new BlockList()
  for (const [network, bits] of v4) list.addSubnet(network, bits, 'ipv4')
  for (const [network, bits] of v6) list.addSubnet(network, bits, 'ipv6')
  return list
}

function isListed(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && !address.includes('%') && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
}
