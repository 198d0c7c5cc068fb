import { withDeadline } from '#kit/console/deadline'
import { fingerprint, idempotencyKey } from './approval/fingerprint.ts'
import type { EventOf } from './run/events.ts'
import { type Run, record } from './run/run.ts'
import { inToolSpan } from './run/spans.ts'
import type { CallState } from './run/state.ts'
import { settings } from './settings.ts'
import { type AgentTool, type PreparedCall, ToolError } from './tools/tool.ts'

type Outcome = Pick<EventOf<'result'>, 'outcome' | 'output'>

/**
 * Makes one call, if it may be made, and writes down what came of it. Whatever is wrong with the call goes back to the model as its result; `waiting` means that
 * nobody has decided about it yet. Throws the signal's reason when it is aborted, and then there is no result.
 */
export async function act(run: Run, call: CallState, signal: AbortSignal): Promise<'made' | 'waiting'> {
  const startedAt = performance.now()
  const finish = async ({ outcome, output }: Outcome): Promise<'made'> => {
    const shown = output.slice(0, settings.maxResultChars)
    const ms = Math.ceil(performance.now() - startedAt)
    const cut = output.length - shown.length
    await record(run, { type: 'result', call: call.id, outcome, output: shown, ms, cut })
    return 'made'
  }
  try {
    const tool = run.toolbox.find(call.tool)
    const prepared = tool.prepare(call.input)
    if (call.called && tool.effect === 'write' && !tool.idempotent) return await finish(UNKNOWN_OUTCOME)
    const decision = tool.effect === 'read' ? 'approved' : decisionOn(call, prepared)
    if (decision === undefined) return 'waiting'
    if (decision === 'denied') return await finish(DENIED)
    const key = idempotencyKey(run.id, { tool: call.tool, input: prepared.input })
    await record(run, { type: 'called', call: call.id, key })
    const output = await inToolSpan(call, prepared, signal, () => inTime(tool, prepared, { key, signal }))
    return await finish({ outcome: 'ok', output })
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ToolError)) throw error
    return await finish({ outcome: 'error', output: error.message })
  }
}

const DENIED: Outcome = {
  outcome: 'denied',
  output: 'Not done: this call was not approved. Do not try it again; say what you would have done.',
}
const UNKNOWN_OUTCOME: Outcome = {
  outcome: 'error',
  output:
    'The run was interrupted during this call. It may or may not have happened: check before you try again.',
}

/** For the very arguments that it was made about. undefined: nobody has decided. */
function decisionOn({ tool, decision }: CallState, { input }: PreparedCall) {
  return decision?.approval === fingerprint({ tool, input }) ? decision.decision : undefined
}

/** Waits no longer than the tool may take, even for one that ignores its signal. Whatever it throws is about this call, not about the run. */
async function inTime(
  { name, timeoutMs = settings.toolTimeoutMs }: AgentTool,
  prepared: PreparedCall,
  { key, signal }: { key: string; signal: AbortSignal },
): Promise<string> {
  const late = () => new ToolError(`${name} took longer than ${timeoutMs} ms and was stopped`)
  try {
    return await withDeadline(signal, { ms: timeoutMs, late }, (scope) =>
      prepared.run({ key, signal: scope.signal }),
    )
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ToolError) throw error
    throw new ToolError(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
