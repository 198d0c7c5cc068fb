import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '#kit/http/app'
import { HttpError } from '#kit/http/errors'

/** Whether a Host header, or the host of an Origin, names this server. */
export type HostCheck = (host: string) => boolean

/**
 * Accepts names of this machine with exactly this port, and the allowed names: a name with a port only with that port, a name without one with any. A page of
 * another local server fails, and so does a name that an attacker points at 127.0.0.1 (DNS rebinding).
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

/** Answers 403 to requests that a browser was tricked into sending: to another name than this server's, or from another page. */
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

/** Empty, which names no server, for `null` and anything else that is not the origin of a web page. */
function readHost(origin: string): string {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1] ?? ''
}
