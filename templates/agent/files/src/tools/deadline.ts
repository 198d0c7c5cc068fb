import { runWithDeadline } from '#kit/console/deadline'
import { settings } from '../settings.ts'
import { type AgentTool, type PreparedCall, type ToolContext, ToolError } from './tool.ts'

/**
 * The same tool with a deadline. Whatever its `run` throws becomes a `ToolError`: it is about this call, not
 * about the run.
 */
export function limitToolTime(tool: AgentTool): AgentTool {
  const prepare = (input: unknown): PreparedCall => {
    const call = tool.prepare(input)
    return { ...call, run: (context) => runInTime(tool, call, context) }
  }
  return { ...tool, prepare }
}

/**
 * Stops waiting at the deadline, even for a tool that ignores its signal. Throws the signal's reason when the
 * run is aborted.
 */
async function runInTime(
  { name, timeoutMs = settings.toolTimeoutMs }: AgentTool,
  call: PreparedCall,
  context: ToolContext,
): Promise<string> {
  const late = () => new ToolError(`${name} took longer than ${timeoutMs} ms and was stopped`)
  try {
    return await runWithDeadline(context.signal, { ms: timeoutMs, late }, ({ signal }) =>
      call.run({ ...context, signal }),
    )
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof ToolError) throw error
    throw new ToolError(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
