import type { RoadWorld } from '../commands/road.ts'
import { roadStatus, type ShownStep, type StatusResult } from '../commands/status.ts'
import { print } from '../io/print.ts'
import { countsOf, gateLines, type Look, stepName, todoLines } from './gate-lines.ts'
import { hanging, painter, widthOf } from './lines.ts'

export async function runStatus(world: RoadWorld, { json }: { json: boolean }): Promise<StatusResult> {
  const result = roadStatus(world)
  const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
  if (!json) await print(process.stdout, textOf(result, look))
  return result
}

/** What to do comes first: most people read no further. */
function textOf(result: StatusResult, look: Look): string {
  const { width } = look
  const steps = result.milestones.flatMap((milestone) => milestone.steps)
  const current = steps.find(({ id }) => id === result.current)
  const warnings = result.warnings.map((text) => hanging('Note: ', text, width))
  const road = result.milestones.flatMap(({ id, title, days, steps: own }) => [
    '',
    look.paint('bold', `${id}  ${title}, days ${days}`),
    ...own.map((step) => stepLine(step, step === current, look)),
  ])
  return `${[...resume(result, current, look), ...road, ...(warnings.length > 0 ? ['', ...warnings] : [])].join('\n')}\n`
}

function resume({ next }: StatusResult, current: ShownStep | undefined, look: Look): string[] {
  const todo = todoLines(next, look)
  if (!current) return todo
  const standing = current.project === null ? 'not started yet' : countsOf(current)
  const head = hanging('', `You are at ${stepName(current)}: ${standing}.`, look.width)
  const gates = current.project === null ? [] : ['', ...gateLines(current.gates, look)]
  return [head, ...todo, ...gates]
}

function stepLine(step: ShownStep, isCurrent: boolean, { width, paint }: Look): string {
  const done = step.status === 'skipped' ? paint('dim', 'skip') : paint('green', 'done')
  const isBehind = step.status === 'done' || step.status === 'skipped'
  const mark = isBehind ? done : isCurrent ? paint('bold', 'here') : '    '
  const first = `     ${step.title.padEnd(width < 60 ? 0 : 24)}  `
  return `  ${mark}${hanging(first.slice(4), stateOf(step), width).replace(/^ {2}/, '')}`
}

function stateOf(step: ShownStep): string {
  const { met, required, status, project, template, optional } = step
  const note = optional ? ' (optional)' : ''
  if (status === 'planned') return `not in this version yet${note}`
  if (status === 'before-start') return `before your start${note}`
  if (status === 'skipped') return `skipped${note}`
  if (!step.begun) return `later${note}`
  return `${met}/${required} gates${template === null ? '' : `, in ${project}/`}${note}`
}
