import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '#kit/http/app'
import { HttpError } from '#kit/http/errors'

/** Whether a Host header, or the host of an Origin, names this server. */
export type HostCheck = (host: string) => boolean

/**
 * Accepts the names of this machine (`127.0.0.1`, `localhost`, `[::1]`) with exactly this port, and the allowed
 * names: one with a port only with that port, one without a port with any, unless it is a name of this machine. So it
 * refuses pages of another local server, and names that an attacker points at 127.0.0.1 (DNS rebinding).
 *
 * A host is a name or a bracketed address, and perhaps a colon and a port; without a port, that is 80. Its case
 * does not matter. Everything else is refused. `allowedHosts` are in lower case. `port` is called for every
 * host, because a server learns its port after it has made its guard.
 */
export function createHostCheck(port: () => number, allowedHosts: readonly string[]): HostCheck {
  const allowed = new Set(allowedHosts)
  return (host) => {
    const given = host.toLowerCase()
    const [, name = '', givenPort = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(given) ?? []
    const isLocal = name === '127.0.0.1' || name === 'localhost' || name === '[::1]'
    if (isLocal)
      return Number(givenPort) === port() || (given.includes(':', name.length) && allowed.has(given))
    return allowed.has(given) || (name !== '' && allowed.has(name))
  }
}

/**
 * Refuses requests that a browser was tricked into sending, and passes all others on (`await next()`). Throws
 * an HttpError 403 with the code `host_not_allowed` if the Host header is missing or does not name this server,
 * and one with `origin_not_allowed` if there is an Origin header and it is anything but `http://` or `https://`
 * and a host that names this server. Programs that are not browsers send no Origin.
 */
export function guardHostAndOrigin(isThisServer: HostCheck): MiddlewareHandler<AppEnv> {
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
