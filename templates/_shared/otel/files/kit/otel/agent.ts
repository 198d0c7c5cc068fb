import { ATTR } from './names.ts'
import { failSpan, recordContent, runWithSpan } from './spans.ts'

interface TracedRun {
  id: string
  llm: { provider: string; modelId: string }
  signal: AbortSignal
}

/**
 * Wraps a loop so that each call gets a span `invoke_agent AGENT`. A stop reason other than `done` is the
 * span's error.
 */
export function traceAgent<R extends TracedRun, S extends { stopped: { reason: string } | undefined }>(
  agent: string,
  loop: (run: R) => Promise<S>,
): (run: R) => Promise<S> {
  return (run) => {
    const attributes = {
      [ATTR.operation]: 'invoke_agent',
      [ATTR.agent]: agent,
      [ATTR.provider]: run.llm.provider,
      [ATTR.requestModel]: run.llm.modelId,
      [ATTR.conversation]: run.id,
    }
    return runWithSpan({ name: `invoke_agent ${agent}`, attributes, signal: run.signal }, async (span) => {
      const state = await loop(run)
      if (state.stopped && state.stopped.reason !== 'done') failSpan(span, state.stopped.reason)
      return state
    })
  }
}

interface Tool {
  name: string
  prepare(input: unknown): {
    input: unknown
    run(context: { signal: AbortSignal; callId: string }): Promise<string>
  }
}

/** Wraps a toolbox so that each tool call gets a span `execute_tool TOOL`. */
export function traceToolbox<B extends { find(name: string): Tool }>(toolbox: B): B {
  return { ...toolbox, find: (name: string) => traceTool(toolbox.find(name)) }
}

function traceTool<T extends Tool>(tool: T): T {
  const prepare: Tool['prepare'] = (raw) => {
    const call = tool.prepare(raw)
    const attributes = ({ callId }: { callId: string }) => ({
      [ATTR.operation]: 'execute_tool',
      [ATTR.tool]: tool.name,
      [ATTR.toolCall]: callId,
      ...recordContent(() => ({ [ATTR.toolArguments]: JSON.stringify(call.input) })),
    })
    return {
      ...call,
      run: (context) =>
        runWithSpan(
          { name: `execute_tool ${tool.name}`, attributes: attributes(context), signal: context.signal },
          async (span) => {
            const output = await call.run(context)
            span.setAttributes(recordContent(() => ({ [ATTR.toolResult]: output })))
            return output
          },
        ),
    }
  }
  return { ...tool, prepare }
}
