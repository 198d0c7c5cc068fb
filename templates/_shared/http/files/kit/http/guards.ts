import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '#kit/http/app'
import { HttpError } from '#kit/http/errors'

/** Whether a Host header, or the host of an Origin, names this server. */
export type HostCheck = (host: string) => boolean

/**
 * Accepts the names of this machine with exactly this port, and the allowed names: one with a port only with
 * that port, one without a port with any. So it refuses pages of another local server, and names that an
 * attacker points at 127.0.0.1 (DNS rebinding).
 */
export function createHostCheck(port: () => number, allowedHosts: readonly string[]): HostCheck {
  const allowed = new Set(allowedHosts)
  return (host) => {
    const given = host.toLowerCase()
    const [, name = '', givenPort = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(given) ?? []
    const isLocal = name === '127.0.0.1' || name === 'localhost' || name === '[::1]'
    return (
      (isLocal && Number(givenPort) === port()) || allowed.has(given) || (name !== '' && allowed.has(name))
    )
  }
}

/**
 * Refuses requests that a browser was tricked into sending: throws an HttpError 403 if the Host header does
 * not name this server, or if the Origin is another page.
 */
export function guardHostAndOrigin(isThisServer: HostCheck) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!isThisServer(c.req.header('host') ?? ''))
      throw new HttpError(403, 'host_not_allowed', 'This server does not answer under that name', {
        hint: 'ALLOWED_HOSTS lists the names it answers to.',
      })
    const origin = c.req.header('origin')
    if (origin !== undefined && !isThisServer(readHost(origin)))
      throw new HttpError(403, 'origin_not_allowed', 'Requests from other pages are not answered')
    await next()
  })
}

/** The host of a web page's origin. Empty, which names no server, for `null` and anything else. */
function readHost(origin: string): string {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1] ?? ''
}
