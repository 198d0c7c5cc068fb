import { setTimeout as sleep } from 'node:timers/promises'
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BatchExporter } from './exporter.ts'
import { traceContextPropagator } from './propagator.ts'
import { createSampler } from './sampler.ts'
import { readOtelSettings } from './settings.ts'
import type { Tracing, TracingOptions } from './start.ts'
import { createTracerProvider } from './tracer.ts'

/** A short command must not wait longer at its end. */
const CLOSE_MS = 2_000

/** Makes this the process's tracing, behind OpenTelemetry's API: whatever uses that API is recorded, and sent as OTLP/JSON over HTTP. */
export function openTracing({ serviceName, tell, env }: TracingOptions): Tracing {
  const tellOnce = once(tell)
  const settings = readOtelSettings(env, { serviceName, timeoutMs: CLOSE_MS })
  const exporter = new BatchExporter(settings, (reason) => tellOnce(`traces were lost: ${reason}`))
  const provider = createTracerProvider(createSampler(env), (span, scope) => exporter.add({ span, scope }))
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(traceContextPropagator)
  return {
    async close() {
      const limit = new AbortController()
      const late = sleep(CLOSE_MS, 'late', { signal: limit.signal }).catch(() => 'in time')
      if ((await Promise.race([exporter.flush(), late])) === 'late')
        tellOnce('traces were lost: the collector did not answer in time')
      limit.abort()
      for (const part of [trace, context, propagation]) part.disable()
    },
  }
}

function once(tell: (line: string) => void): (line: string) => void {
  let isTold = false
  return (line) => {
    if (!isTold) tell(line)
    isTold = true
  }
}
