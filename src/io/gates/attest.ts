import type { FactsOf } from '../../core/gates/kinds.ts'
import type { GateWorld } from './world.ts'

export function gatherAttest(_: unknown, { answer }: GateWorld): FactsOf<'attest'> {
  return { answer }
}
