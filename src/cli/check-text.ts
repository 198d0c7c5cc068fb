import type { CheckResult } from '../commands/check.ts'
import { evidenceLines, gateLines, type Look, stepName, unmetLines } from './gate-lines.ts'
import { hanging } from './lines.ts'

/** All gates in a line each, then the first that is not met in full: one thing at a time. */
export function checkText(result: CheckResult, look: Look): string {
  const blocks = result.steps.flatMap((step) => [stepName(step), ...gateLines(step.gates, look), ''])
  const gates = result.steps.flatMap(({ gates: own }) => own)
  const isOpen = ({ status }: { status: string }) => status === 'failing' || status === 'unknown'
  const open = gates.find((gate) => gate.required && isOpen(gate)) ?? gates.find(isOpen)
  const written = evidenceLines(result.evidence, look)
  const lines = [
    ...(gates.length === 0 ? ['Everything is met, and nothing has changed since.', ''] : blocks),
    ...written,
    ...(written.length > 0 ? ['Commit it: it is your proof.', ''] : []),
    ...result.warnings.map((text) => hanging('Note: ', text, look.width)),
    ...(open ? [...unmetLines(open, look), ''] : []),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}
