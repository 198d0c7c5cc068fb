import { type Finding, leaveUnknown } from '../../core/gates/finding.ts'
import { type Gate, type GateOf, judgeGate, type Kind } from '../../core/gates/kinds.ts'
import { describeCause } from './cause.ts'
import { gatherFacts } from './gather.ts'
import type { GateWorld } from './world.ts'

interface Limits {
  offline: boolean
  /** Whether gates that call a model may run. */
  yes: boolean
}

/**
 * Checks one gate. Resolves to a finding even when a file or a service cannot be read; rejects only for a
 * cancel or a bug of ours.
 */
export async function runGate(gate: Gate, world: GateWorld, { offline, yes }: Limits): Promise<Finding> {
  const wanted = gate.title
  if (offline && gate.cost !== 'free')
    return leaveUnknown('offline', { found: 'not checked: offline', wanted })
  if (gate.cost === 'llm' && !yes)
    return leaveUnknown('needs-yes', { found: 'not checked: it calls a model', wanted })
  try {
    return await gatherAndJudge(gate, world)
  } catch (error) {
    world.signal.throwIfAborted()
    if (gate.cost !== 'free') return leaveUnknown('cannot-reach', { found: describeCause(error), wanted })
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    return leaveUnknown('cannot-read', { found: describeCause(error), wanted })
  }
}

async function gatherAndJudge<K extends Kind>(
  gate: GateOf<K> & { kind: K },
  world: GateWorld,
): Promise<Finding> {
  return judgeGate(gate, await gatherFacts(gate, world))
}
