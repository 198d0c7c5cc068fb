import type { Env } from '#kit/console/env'

export interface Tracing {
  /** Sends what is left, for two seconds at most. Never rejects. */
  close(): Promise<void>
}

export interface TracingOptions {
  env: Env
  /** Unless OTEL_SERVICE_NAME says otherwise. */
  serviceName: string
  /** Gets a line when traces are lost; once, however many are. */
  tell: (line: string) => void
}

const off: Tracing = { close: async () => {} }

/** Traces from here on, if the environment names a place to send them to; else nothing is loaded. A place that cannot be reached never fails or slows the work. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const endpoint = findEndpoint(options.env)
  if (endpoint === undefined) return off
  if (!URL.canParse(endpoint)) {
    options.tell('traces are not sent: the OTLP endpoint in the environment is no URL')
    return off
  }
  // Whether content is recorded is read from the process; .env may say so as well.
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
