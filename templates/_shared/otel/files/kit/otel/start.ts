import type { Env } from '#kit/console/env'

export interface Tracing {
  /** Sends the remaining spans, within two seconds. Never rejects. */
  close(): Promise<void>
}

export interface TracingOptions {
  env: Env
  /** Used unless OTEL_SERVICE_NAME is set. */
  serviceName: string
  /** Receives one line if traces are lost or can't be sent, only once. */
  tell: (line: string) => void
}

const off: Tracing = { close: async () => {} }

/**
 * Starts tracing if the environment names an endpoint; otherwise loads nothing. An endpoint that can't be
 * reached neither fails the work nor slows it down.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const endpoint = findEndpoint(options.env)
  if (endpoint === undefined) return off
  if (!URL.canParse(endpoint)) {
    options.tell('traces are not sent: the OTLP endpoint in the environment is no URL')
    return off
  }
  // `recordContent` reads the process environment, so settings from .env are copied there.
  for (const [name, value] of Object.entries(options.env))
    if (name.startsWith('OTEL_') && value !== undefined) process.env[name] ??= value
  const { openTracing } = await import('./sdk.ts')
  return openTracing(options)
}

function findEndpoint(env: Env): string | undefined {
  const isOff = env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none'
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim() || env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim()
  return isOff ? undefined : endpoint || undefined
}
