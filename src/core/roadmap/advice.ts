import type { Gate } from '../gates/kinds.ts'
import type { Roadmap } from './schema.ts'

/**
 * What to do about a failure code of a gate: the gate's own advice, else the advice of its kind. Null without
 * a code.
 */
export function findAdvice(gate: Gate, code: string | null, { codes }: Roadmap): string | null {
  if (code === null) return null
  return gate.codes[code] ?? codes.kinds[gate.kind]?.[code] ?? codes.unknown[code] ?? null
}
