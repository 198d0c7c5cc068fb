import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { runWithDeadline } from '#kit/console/deadline'
import { BatchExporter } from './exporter.ts'
import { traceContextPropagator } from './propagator.ts'
import { createSampler } from './sampler.ts'
import { readOtelSettings } from './settings.ts'
import type { Tracing, TracingOptions } from './start.ts'
import { createTracerProvider } from './tracer.ts'

/** A short command must not wait longer than this when it ends. */
const CLOSE_MS = 2_000

/**
 * Registers tracing for this process with OpenTelemetry's API: every span made through that API is recorded,
 * and sent as OTLP/JSON over HTTP.
 */
export function openTracing({ serviceName, tell, env }: TracingOptions): Tracing {
  const tellOnce = callOnce(tell)
  const settings = readOtelSettings(env, { serviceName, timeoutMs: CLOSE_MS })
  const exporter = new BatchExporter(settings, (reason) => tellOnce(`traces were lost: ${reason}`))
  const provider = createTracerProvider(createSampler(env), (span, scope) => exporter.add({ span, scope }))
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(traceContextPropagator)
  return {
    async close() {
      const late = () => new Error('the collector did not answer in time')
      await runWithDeadline(undefined, { ms: CLOSE_MS, late }, () => exporter.flush()).catch((error: Error) =>
        tellOnce(`traces were lost: ${error.message}`),
      )
      for (const part of [trace, context, propagation]) part.disable()
    },
  }
}

function callOnce(tell: (line: string) => void): (line: string) => void {
  let isTold = false
  return (line) => {
    if (!isTold) tell(line)
    isTold = true
  }
}
