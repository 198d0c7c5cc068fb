import { context, propagation, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node'
import { withDeadline } from '#kit/console/deadline'
import type { Tracing, TracingOptions } from './start.ts'

const CLOSE_MS = 2_000

/** Makes this the process's tracing. Sampler, headers, batches and limits are the SDK's own settings (`OTEL_…`). */
export function openTracing({ serviceName, tell, env }: TracingOptions): Tracing {
  const tellOnce = once(tell)
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': serviceName }))
    .merge(detectResources({ detectors: [envDetector] }))
  // The SDK's own ten seconds, retries included, would keep a short command waiting at its end.
  const isLimitSet = env.OTEL_EXPORTER_OTLP_TIMEOUT || env.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT
  const exporter = new OTLPTraceExporter(isLimitSet ? {} : { timeoutMillis: CLOSE_MS })
  const spanProcessors = [new BatchSpanProcessor(telling(exporter, tellOnce))]
  const provider = new NodeTracerProvider({ resource, spanProcessors })
  provider.register()
  return {
    async close() {
      const late = () => new Error('the collector did not answer in time')
      const shutDown = () =>
        provider.shutdown().catch(() => Promise.reject(new Error('the last ones cannot be sent')))
      await withDeadline(undefined, { ms: CLOSE_MS, late }, shutDown).catch((error: Error) =>
        tellOnce(`traces were lost: ${error.message}`),
      )
      for (const part of [trace, context, propagation]) part.disable()
    },
  }
}

/** The same exporter, with somebody to tell: by itself, what is lost is lost silently. */
function telling(exporter: SpanExporter, tell: (line: string) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error)
          tell(`traces were lost: the collector cannot be reached (${reasonOf(result.error)})`)
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

/** A code or a status: messages can have the headers in them. */
function reasonOf(error: Error): string {
  return 'code' in error && error.code ? String(error.code) : error.name
}

function once(tell: (line: string) => void): (line: string) => void {
  let isTold = false
  return (line) => {
    if (!isTold) tell(line)
    isTold = true
  }
}
