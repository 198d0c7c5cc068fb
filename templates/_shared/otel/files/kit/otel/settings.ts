import type { Attributes } from '@opentelemetry/api'
import type { Env } from '#kit/console/env'

/** Settings from OpenTelemetry's standard variables. Variables for traces override the general ones. */
export interface OtelSettings {
  url: string
  headers: Record<string, string>
  /** For one batch, retries included. */
  timeoutMs: number
  gzip: boolean
  resource: Attributes
  /** How many characters of a text value are sent. */
  maxLength: number
  batch: { delayMs: number; size: number; queue: number }
}

export function readOtelSettings(
  env: Env,
  { serviceName, timeoutMs }: { serviceName: string; timeoutMs: number },
): OtelSettings {
  const exporter = (name: string) =>
    env[`OTEL_EXPORTER_OTLP_TRACES_${name}`]?.trim() || env[`OTEL_EXPORTER_OTLP_${name}`]?.trim()
  const number = (text: string | undefined, otherwise: number) => {
    const value = Number(text?.trim() || Number.NaN)
    return value > 0 ? value : otherwise
  }
  const ofTraces = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim()
  return {
    url: ofTraces || `${env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim().replace(/\/$/, '')}/v1/traces`,
    headers: {
      ...parsePairs(env.OTEL_EXPORTER_OTLP_HEADERS),
      ...parsePairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
    },
    timeoutMs: number(exporter('TIMEOUT'), timeoutMs),
    gzip: exporter('COMPRESSION') === 'gzip',
    resource: {
      ...{
        'telemetry.sdk.language': 'nodejs',
        'telemetry.sdk.name': 'kit/otel',
        'service.name': serviceName,
      },
      ...parsePairs(env.OTEL_RESOURCE_ATTRIBUTES),
      ...(env.OTEL_SERVICE_NAME?.trim() && { 'service.name': env.OTEL_SERVICE_NAME.trim() }),
    },
    maxLength: number(
      env.OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT || env.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT,
      Number.POSITIVE_INFINITY,
    ),
    batch: {
      delayMs: number(env.OTEL_BSP_SCHEDULE_DELAY, 5_000),
      size: number(env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, 512),
      queue: number(env.OTEL_BSP_MAX_QUEUE_SIZE, 2_048),
    },
  }
}

/** Parses `a=1,b=two%20words`. Skips anything that is not a pair. */
function parsePairs(text = ''): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split(/=(.*)/s, 2).map((side) => side.trim()))
  return Object.fromEntries(
    pairs.flatMap(([key, value]) => (key && value !== undefined ? [[key, tryDecodeUri(value)]] : [])),
  )
}

function tryDecodeUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % stands for itself
  }
}
