import { type CallState, listPendingCalls, type RunState } from '../run/state.ts'
import { ToolError } from '../tools/tool.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import type { ApprovalRequest } from './approve.ts'
import { fingerprintCall } from './fingerprint.ts'

/** A call that a person has to decide about. */
export type UndecidedCall = ApprovalRequest & { id: string }

/** A decision counts only for the arguments it was made about. */
export function listUndecidedCalls(state: RunState, toolbox: Toolbox): UndecidedCall[] {
  return listPendingCalls(state).flatMap((call) => {
    const request = prepareRequest(call, toolbox)
    return request === undefined || call.decision?.approval === request.approval ? [] : [request]
  })
}

/**
 * undefined when there is nothing to ask: the call only reads, does not fit its tool, or was interrupted and
 * must not run again.
 */
function prepareRequest(
  { id, tool, input: raw, called }: CallState,
  toolbox: Toolbox,
): UndecidedCall | undefined {
  try {
    const { effect, idempotent, prepare } = toolbox.find(tool)
    if (effect === 'read' || (called && !idempotent)) return undefined
    const { input } = prepare(raw)
    return { id, tool, input, approval: fingerprintCall({ tool, input }) }
  } catch (error) {
    if (error instanceof ToolError) return undefined // `act` tells the model what is wrong
    throw error
  }
}
