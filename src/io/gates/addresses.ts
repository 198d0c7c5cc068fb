import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import {
  isLoopbackAddress,
  isPublicAddress,
  stripBrackets,
} from '../../../templates/_shared/net/files/kit/net/public-address.ts'

/** `1` lets gates talk to this machine, so that stand-ins can play GitHub and a deployed service in tests. Evidence says so. */
export function allowsLoopback(env: NodeJS.ProcessEnv): boolean {
  return env['AI_ENG_STARTER_ALLOW_LOOPBACK'] === '1'
}

/** Whether a URL names this machine, by its text alone. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = stripBrackets(new URL(url).hostname)
  return isLoopbackAddress(host) || /(?:^|\.)localhost\.?$/.test(host)
}

/** The first of a host's addresses that is not on the public internet, if it has one. */
export async function findLocalAddress(
  hostname: string,
  allowLoopback: boolean,
): Promise<string | undefined> {
  const host = stripBrackets(hostname)
  const addresses = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address)
  return addresses.find(
    (address) => !isPublicAddress(address) && !(allowLoopback && isLoopbackAddress(address)),
  )
}
