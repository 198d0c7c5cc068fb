import { roadStatus, type ShownStep, type StatusResult } from '../../commands/status.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { countsOf, gateLines, type Look, stepName, todoLines } from '../text/gates.ts'
import { hanging } from '../text/lines.ts'

export async function run(_: unknown, context: Context): Promise<Outcome<StatusResult>> {
  const result = roadStatus(await context.makeWorld())
  await context.show((look) => describe(result, look))
  return succeed(result)
}

/** What to do comes first: most people read no further. */
function describe(result: StatusResult, look: Look): string {
  const { width } = look
  const steps = result.milestones.flatMap((milestone) => milestone.steps)
  const current = steps.find(({ id }) => id === result.current)
  const warnings = result.warnings.map((text) => hanging('Note: ', text, width))
  const road = result.milestones.flatMap(({ id, title, days, steps: own }) => [
    '',
    look.paint('bold', `${id}  ${title}, days ${days}`),
    ...own.map((step) => stepLine(step, step === current, look)),
  ])
  return `${[...resume(result, current, look), ...road, ...paceLines(result, look), ...(warnings.length > 0 ? ['', ...warnings] : [])].join('\n')}\n`
}

function resume({ next }: StatusResult, current: ShownStep | undefined, look: Look): string[] {
  const todo = todoLines(next, look)
  if (!current) return todo
  const standing = current.project === null ? 'not started yet' : countsOf(current)
  const head = hanging('', `You are at ${stepName(current)}: ${standing}.`, look.width)
  const gates = current.project === null ? [] : ['', ...gateLines(current.gates, look)]
  return [head, ...todo, ...gates]
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

/** `28 November`, without Intl: loading its data would take longer than all of status. */
function dayOf(date: string): string {
  const [, month = '', day = ''] = date.split('-')
  return `${Number(day)} ${MONTHS[Number(month) - 1]}`
}

function paceLines({ pace: { evenings, planned, last } }: StatusResult, { width }: Look): string[] {
  if (last === null) return []
  const since = `the last on ${dayOf(last)}`
  return ['', hanging('', `Evenings worked: ${evenings} of about ${planned}, ${since}.`, width)]
}

function stepLine(step: ShownStep, isCurrent: boolean, { width, paint }: Look): string {
  const done = step.status === 'skipped' ? paint('dim', 'skip') : paint('green', 'done')
  const isBehind = step.status === 'done' || step.status === 'skipped'
  const mark = isBehind ? done : isCurrent ? paint('bold', 'here') : '    '
  const first = `       ${step.title.padEnd(width < 60 ? 0 : 24)}  `
  return `  ${mark}${hanging(first, stateOf(step, isCurrent), width).slice(6)}`
}

function stateOf(step: ShownStep, isCurrent: boolean): string {
  const { met, required, status, project, template, optional } = step
  const note = optional ? ' (optional)' : ''
  if (status === 'planned') return `not in this version yet${note}`
  if (status === 'before-start') return `before your start${note}`
  if (status === 'skipped') return `skipped${note}`
  if (!step.begun) return `${isCurrent ? 'not started yet' : 'later'}${note}`
  return `${met}/${required} gates${template === null ? '' : `, in ${project}/`}${note}`
}
