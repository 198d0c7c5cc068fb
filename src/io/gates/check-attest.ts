import { type Finding, failing } from '../../core/gates/finding.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import type { GateWorld } from './world.ts'

/** What nothing can check: the learner's own words, shown as such wherever it appears. */
export function checkAttest(gate: GateOf<'attest'>, { answer }: GateWorld): Finding {
  const wanted = gate.question
  const text = answer?.trim() ?? ''
  if (text === '') return failing('no-answer', { found: 'no answer yet', wanted })
  if (text.length < gate.minLength)
    return failing('too-short', { found: `${text.length} characters`, wanted: `${gate.minLength} or more` })
  return { result: 'attested', code: null, found: text, wanted, where: null, data: { answer: text } }
}
