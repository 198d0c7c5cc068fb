import { type CallState, pendingCalls, type RunState } from '../run/state.ts'
import { ToolError } from '../tools/tool.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { fingerprint } from './fingerprint.ts'

/** The calls of a run that wait for a decision, each with the fingerprint that a decision about it has to name. */
export function undecidedCalls(state: RunState, toolbox: Toolbox): (CallState & { approval: string })[] {
  return pendingCalls(state)
    .filter(({ decision }) => !decision)
    .flatMap((call) => {
      const approval = approvalOf(call, toolbox)
      return approval === undefined ? [] : [{ ...call, approval }]
    })
}

/** undefined: the call needs none, or cannot be made as it is. */
function approvalOf({ tool, input }: CallState, toolbox: Toolbox): string | undefined {
  try {
    const found = toolbox.find(tool)
    return found.effect === 'write' ? fingerprint({ tool, input: found.prepare(input).input }) : undefined
  } catch (error) {
    if (error instanceof ToolError) return undefined // what is wrong with it, the model is told
    throw error
  }
}
