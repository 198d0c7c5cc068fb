import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { AppEnv } from './app.ts'
import { HttpError } from './errors.ts'
import type { HttpSettings } from './settings.ts'

/**
 * Throws an HttpError 429 with Retry-After if a client sends too many requests. The count is per process:
 * behind a load balancer, each replica counts separately.
 */
export function limitRate({ requestsPerMinute, isBehindProxy }: HttpSettings) {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 })
  return createMiddleware<AppEnv>(async (c, next) => {
    await limiter.consume(identifyClient(c, isBehindProxy)).catch(refuseOverLimit)
    await next()
  })
}

function refuseOverLimit(reason: unknown): never {
  if (!(reason instanceof RateLimiterRes)) throw reason
  const retryAfterSeconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1_000))
  throw new HttpError(429, 'rate_limited', 'Too many requests', {
    hint: `Try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  })
}

/** Identifies a client by its IPv4 address or, for IPv6, by the /64 network that one customer gets. */
function identifyClient(c: Context<AppEnv>, isBehindProxy: boolean): string {
  const forwarded = isBehindProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const address = forwarded || (getConnInfo(c).remote.address ?? 'unknown')
  return address.includes('::ffff:') || !address.includes(':') ? address : extractNetwork(address)
}

function extractNetwork(address: string): string {
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  const missing = tail === undefined ? [] : Array<string>(8).fill('0')
  return [...groups, ...missing].slice(0, 4).join(':')
}
