import { join, relative, sep } from 'node:path'
import { quoteShellWord } from '../../../templates/_shared/console/files/kit/console/shell.ts'
import type { ShownGate, ShownStep } from '../../commands/status.ts'
import type { GateStatus } from '../../core/state/progress.ts'
import type { NextAction } from '../../core/state/road.ts'
import { countNoun } from '../../core/words.ts'
import { type Colour, type Paint, wrapHanging } from './lines.ts'

/** The label of each status, all of one width. */
const MARKS: Record<GateStatus, [mark: string, colour: Colour]> = {
  passed: ['passed ', 'green'],
  attested: ['stated ', 'green'],
  waived: ['skipped', 'dim'],
  stale: ['stale  ', 'yellow'],
  failing: ['FAILED ', 'red'],
  unknown: ['unknown', 'yellow'],
  blocked: ['blocked', 'dim'],
}

export interface Look {
  width: number
  /** The user's current directory. Absolute. */
  directory: string
  paint: Paint
}

/** One gate in one line or a few: its status, its name, what the check found. */
export function formatGates(gates: readonly ShownGate[], { width, paint }: Look): string[] {
  const widest = Math.max(0, ...gates.map(({ id }) => id.length))
  return gates.map(({ id, status, found, required }) => {
    const [mark, colour] = MARKS[status]
    const name = width < 60 ? id : id.padEnd(widest)
    const first = `  ${mark}  ${name}  `
    // The label already says that it is blocked or skipped.
    const seen = found.replace(status === 'blocked' ? /^blocked / : /^skipped: /, '')
    const text = wrapHanging(first, `${seen}${required ? '' : ' (optional)'}`, width)
    return text.replace(mark, paint(colour, mark))
  })
}

/**
 * Everything about a gate that does not pass: what it requires, what the check found, why it matters, and
 * what to do.
 */
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

/** The records that were written, by their paths in a roadmap folder. */
interface WrittenEvidence {
  /** The roadmap folder. Absolute. */
  directory: string
  evidence: readonly string[]
}

/** Records that were written, seen from the current directory: up to two by path, more by folder. */
export function formatEvidence({ directory, evidence }: WrittenEvidence, look: Look): string[] {
  const paths = evidence.map((path) => relative(look.directory, join(directory, path)))
  if (paths.length <= 2) return paths.map((path) => wrapHanging('Evidence: ', path, look.width))
  const folders = paths.map((path) => path.split(sep).slice(0, -2).join('/'))
  return [...new Set(folders)].map((folder) => {
    const own = folders.filter((one) => one === folder).length
    return wrapHanging('Evidence: ', `${countNoun(own, 'record')} in ${folder}/`, look.width)
  })
}

/** The commands that commit those records, one per repository. */
export function formatCommit({ directory, evidence }: WrittenEvidence, look: Look): string[] {
  if (evidence.length === 0) return []
  const projects = new Set(evidence.map((path) => path.split('.ai-eng/')[0] ?? ''))
  const commands = [...projects].map((project) => {
    const path = relative(look.directory, join(directory, project))
    const git = path === '' ? 'git' : `git -C ${quoteShellWord(path)}`
    return `  ${git} add .ai-eng && ${git} commit -m "Add evidence"`
  })
  return ['Commit it, because it is your proof:', ...commands]
}

/** `Summariser in notes/`. */
export function formatStepName({ title, project }: ShownStep): string {
  return project === null ? title : `${title} in ${project}/`
}

/** `2 of 6 required gates passed, 1 skipped`. */
export function formatCounts({ met, required, waived }: ShownStep): string {
  return `${met} of ${required} required gates passed${waived > 0 ? `, ${waived} skipped` : ''}`
}

/** The next action, with its command if there is one. */
export function formatTodo({ gate, action, command }: NextAction, { width, paint }: Look): string[] {
  return [
    wrapHanging('Next: ', gate === null ? action : `${gate}: ${action}`, width),
    ...(command === null ? [] : [`Run:  ${paint('bold', command)}`]),
    ...(gate === null ? [] : [`Help: ai-eng-starter hint ${gate}`]),
  ]
}
