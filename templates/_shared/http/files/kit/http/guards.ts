import { createMiddleware } from 'hono/factory'
import type { AppEnv } from './app.ts'
import { HttpError } from './errors.ts'

/** Decides whether a Host header, or the host of an Origin, is this server. */
export type IsOurs = (host: string) => boolean

/**
 * Names of this machine with the very port, and the allowed names: with a port that one alone, without one any. A page of another local server, or a name
 * that somebody points at 127.0.0.1 (DNS rebinding), is not ours.
 */
export function isOurHost(port: () => number, allowedHosts: readonly string[]): IsOurs {
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

/** 403 for requests that a browser was tricked into sending: to another name than ours, or from another page. */
export function guardHostAndOrigin(isOurs: IsOurs) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!isOurs(c.req.header('host') ?? ''))
      throw new HttpError(403, 'host_not_allowed', 'This server does not answer under that name', {
        hint: 'ALLOWED_HOSTS lists the names it answers to.',
      })
    const origin = c.req.header('origin')
    if (origin !== undefined && !isOurs(hostOf(origin)))
      throw new HttpError(403, 'origin_not_allowed', 'Requests from other pages are not answered')
    await next()
  })
}

/** Empty, which is nobody's, for `null` and what is no web page. */
function hostOf(origin: string): string {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1] ?? ''
}
