import { ATTR } from '#kit/otel/names'
import { contentAttributes, failSpan, inSpan } from '#kit/otel/spans'
import type { PreparedCall } from '../tools/tool.ts'
import type { Run } from './run.ts'
import type { CallState, RunState } from './state.ts'

/** One stretch of work on a run as a span. What stopped the run is its error, unless the run is done or waits for a decision. */
export function inAgentSpan(run: Run, work: () => Promise<RunState>): Promise<RunState> {
  const attributes = {
    [ATTR.operation]: 'invoke_agent',
    [ATTR.agent]: 'incident',
    [ATTR.provider]: run.llm.provider,
    [ATTR.requestModel]: run.llm.modelId,
    [ATTR.conversation]: run.id,
  }
  return inSpan({ name: 'invoke_agent incident', attributes, signal: run.signal }, async (span) => {
    const state = await work()
    if (state.stopped && state.stopped.reason !== 'done') failSpan(span, state.stopped.reason)
    return state
  })
}

/** One call of a tool as a span. */
export function inToolSpan(
  call: CallState,
  { input }: PreparedCall,
  signal: AbortSignal,
  work: () => Promise<string>,
): Promise<string> {
  const attributes = {
    [ATTR.operation]: 'execute_tool',
    [ATTR.tool]: call.tool,
    [ATTR.toolCall]: call.id,
    ...contentAttributes(() => ({ [ATTR.toolArguments]: JSON.stringify(input) })),
  }
  return inSpan({ name: `execute_tool ${call.tool}`, attributes, signal }, async (span) => {
    const output = await work()
    span.setAttributes(contentAttributes(() => ({ [ATTR.toolResult]: output })))
    return output
  })
}
