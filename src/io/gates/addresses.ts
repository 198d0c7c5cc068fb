import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import {
  isLoopbackAddress,
  isPublicAddress,
  stripBrackets,
} from '../../../templates/_shared/net/files/kit/net/public-address.ts'

/**
 * `AI_ENG_STARTER_ALLOW_LOOPBACK=1` lets gates reach this machine, so that tests can stand in for GitHub and
 * a deployed service. Evidence records it.
 */
export function allowsLoopback(env: NodeJS.ProcessEnv): boolean {
  return env['AI_ENG_STARTER_ALLOW_LOOPBACK'] === '1'
}

/** Whether a URL names this machine, judging by its text only. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = stripBrackets(new URL(url).hostname)
  return isLoopbackAddress(host) || /(?:^|\.)localhost\.?$/.test(host)
}

/** Whether a URL's host is of this machine or a network that is not the internet, judging by its text only. */
export function isLocalHost(hostname: string): boolean {
  const host = stripBrackets(hostname).replace(/\.$/, '')
  if (isIP(host)) return !isPublicAddress(host)
  return !host.includes('.') || /\.(?:localhost|local|internal|lan|home\.arpa)$/.test(host)
}

/** The first address of a host that is not on the public internet; undefined when all are public. */
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
