import { type Context, propagation, trace, context as tracing } from '@opentelemetry/api'
import { ATTR } from '#kit/otel/names'
import { runWithSpan } from '#kit/otel/spans'

interface ToolRequest {
  signal: AbortSignal
  _meta?: object | undefined
}

/** Runs a tool call in its own span. Settles like `call`. */
export function traceToolCall<T>(
  tool: string,
  { signal, _meta }: ToolRequest,
  call: () => Promise<T>,
): Promise<T> {
  const attributes = { [ATTR.operation]: 'execute_tool', [ATTR.tool]: tool }
  return runWithSpan({ name: `execute_tool ${tool}`, attributes, signal, parent: findParent(_meta) }, call)
}

/**
 * The span of the HTTP request; without one, as over stdio, the span that the client names in
 * `_meta.traceparent`.
 */
function findParent(meta: object | undefined): Context {
  const active = tracing.active()
  return trace.getSpan(active) ? active : propagation.extract(active, meta ?? {})
}
