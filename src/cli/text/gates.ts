import type { ShownGate, ShownStep } from '../../commands/status.ts'
import type { GateStatus } from '../../core/state/progress.ts'
import type { NextAction } from '../../core/state/road.ts'
import { countNoun } from '../../core/words.ts'
import { type Colour, type Paint, wrapHanging } from './lines.ts'

/** How a status is told, all of one width. */
const MARKS: Record<GateStatus, [mark: string, colour: Colour]> = {
  passed: ['met    ', 'green'],
  attested: ['told   ', 'green'],
  waived: ['skipped', 'dim'],
  stale: ['stale  ', 'yellow'],
  failing: ['NOT MET', 'red'],
  unknown: ['unknown', 'yellow'],
  blocked: ['waits  ', 'dim'],
}

export interface Look {
  width: number
  paint: Paint
}

/** One gate in a line or a few: how it stands, its name, what was found. */
export function formatGates(gates: readonly ShownGate[], { width, paint }: Look): string[] {
  const widest = Math.max(0, ...gates.map(({ id }) => id.length))
  return gates.map(({ id, status, found, required }) => {
    const [mark, colour] = MARKS[status]
    const name = width < 60 ? id : id.padEnd(widest)
    const first = `  ${mark}  ${name}  `
    // The mark says that it waits, or is skipped.
    const seen = found.replace(status === 'blocked' ? /^waits / : /^skipped: /, '')
    const text = wrapHanging(first, `${seen}${required ? '' : ' (optional)'}`, width)
    return text.replace(mark, paint(colour, mark))
  })
}

/** Everything about a gate that is not met: what, found, wanted, why, and the one thing to do. */
export function formatUnmet(gate: ShownGate, { width, paint }: Look): string[] {
  const rows: [string, string | null][] = [
    ['found', gate.found],
    ['wanted', gate.wanted === gate.title ? null : gate.wanted],
    ['so', gate.advice],
    ['why', gate.why],
    ['do', gate.do],
  ]
  const lines = rows.flatMap(([label, text]) =>
    text === null || text === '' ? [] : [wrapHanging(`  ${label.padEnd(6)}  `, text, width)],
  )
  return [paint('bold', wrapHanging('', `${gate.id}: ${gate.title}`, width)), ...lines]
}

/** Records that were written: a few by their paths, more by their folders. */
export function formatEvidence(paths: readonly string[], { width }: Look): string[] {
  if (paths.length <= 2) return paths.map((path) => wrapHanging('Evidence: ', path, width))
  const folders = paths.map((path) => path.split('/').slice(0, -2).join('/'))
  return [...new Set(folders)].map((folder) => {
    const own = folders.filter((one) => one === folder).length
    return wrapHanging('Evidence: ', `${countNoun(own, 'record')} in ${folder}/`, width)
  })
}

/** `Summariser in notes/`. */
export function formatStepName({ title, project }: ShownStep): string {
  return project === null ? title : `${title} in ${project}/`
}

/** `2 of 6 required gates met, 1 skipped`. */
export function formatCounts({ met, required, waived }: ShownStep): string {
  return `${met} of ${required} required gates met${waived > 0 ? `, ${waived} skipped` : ''}`
}

/** The one thing to do, as a command where there is one. */
export function formatTodo({ gate, action, command }: NextAction, { width, paint }: Look): string[] {
  return [
    wrapHanging('Next: ', gate === null ? action : `${gate}: ${action}`, width),
    ...(command === null ? [] : [`Run:  ${paint('bold', command)}`]),
    ...(gate === null ? [] : [`Help: ai-eng-starter hint ${gate}`]),
  ]
}
