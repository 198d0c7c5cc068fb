import type { JSONObject } from '@ai-sdk/provider'
import { type CallState, pendingCalls, type RunState } from '../run/state.ts'
import { ToolError } from '../tools/tool.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { fingerprint } from './fingerprint.ts'

/** A call that somebody has to decide about: with exactly what will be done, and the fingerprint that a decision has to name. */
export interface UndecidedCall {
  id: string
  tool: string
  input: JSONObject
  approval: string
}

/** A decision counts for the very arguments that it was made about, and for no other. */
export function undecidedCalls(state: RunState, toolbox: Toolbox): UndecidedCall[] {
  return pendingCalls(state).flatMap((call) => {
    const asked = askedAbout(call, toolbox)
    return asked === undefined || call.decision?.approval === asked.approval ? [] : [asked]
  })
}

/** undefined: nobody is asked, since it only reads, cannot be made as it is, or was interrupted and is not made again. */
function askedAbout(
  { id, tool, input: raw, called }: CallState,
  toolbox: Toolbox,
): UndecidedCall | undefined {
  try {
    const { effect, idempotent, prepare } = toolbox.find(tool)
    if (effect === 'read' || (called && !idempotent)) return undefined
    const { input } = prepare(raw)
    return { id, tool, input, approval: fingerprint({ tool, input }) }
  } catch (error) {
    if (error instanceof ToolError) return undefined // what is wrong with it, the model is told
    throw error
  }
}
