import type { MineResult } from '../../commands/mine.ts'
import { readStatus, type ShownStep, type StatusResult } from '../../commands/status.ts'
import type { World } from '../../commands/world.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { formatCounts, formatGates, formatStepName, formatTodo, type Look } from '../text/gates.ts'
import { wrapHanging } from '../text/lines.ts'

interface StatusGiven {
  options: { mine?: true }
}

export async function run(
  { options }: StatusGiven,
  context: Context,
): Promise<Outcome<StatusResult | MineResult>> {
  const world = await context.makeWorld()
  if (options.mine) return showMine(world, context)
  const result = readStatus(world)
  await context.show((look) => describeStatus(result, look))
  return succeed(result)
}

/** Loaded only on request: a plain status has to start fast. */
async function showMine(world: World, context: Context): Promise<Outcome<MineResult>> {
  const [{ measureMine }, { describeMine }] = await Promise.all([
    import('../../commands/mine.ts'),
    import('../text/mine.ts'),
  ])
  const result = measureMine(world)
  await context.show((look) => describeMine(result, look))
  return succeed(result)
}

/** The next action comes first: most people read no further. */
function describeStatus(result: StatusResult, look: Look): string {
  const { width } = look
  const steps = result.milestones.flatMap((milestone) => milestone.steps)
  const current = steps.find(({ id }) => id === result.current)
  const warnings = result.warnings.map((text) => wrapHanging('Note: ', text, width))
  const road = result.milestones.flatMap(({ id, title, days, steps: own }) => [
    '',
    look.paint('bold', `${id}  ${title}, days ${days}`),
    ...own.map((step) => formatStepLine(step, step === current, look)),
  ])
  return `${[...formatResume(result, current, look), ...road, ...formatPace(result, look), ...(warnings.length > 0 ? ['', ...warnings] : [])].join('\n')}\n`
}

function formatResume({ next }: StatusResult, current: ShownStep | undefined, look: Look): string[] {
  const todo = formatTodo(next, look)
  if (!current) return todo
  const standing = current.project === null ? 'not started yet' : formatCounts(current)
  const head = wrapHanging('', `You are at ${formatStepName(current)}: ${standing}.`, look.width)
  const gates = current.project === null ? [] : ['', ...formatGates(current.gates, look)]
  return [head, ...todo, ...gates]
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

/** `28 November`, without Intl, whose data takes longer to load than all of `status`. */
function formatDay(date: string): string {
  const [, month = '', day = ''] = date.split('-')
  return `${Number(day)} ${MONTHS[Number(month) - 1]}`
}

function formatPace({ pace: { evenings, planned, last } }: StatusResult, { width }: Look): string[] {
  if (last === null) return []
  const since = `the last on ${formatDay(last)}`
  return ['', wrapHanging('', `Evenings worked: ${evenings} of about ${planned}, ${since}.`, width)]
}

function formatStepLine(step: ShownStep, isCurrent: boolean, { width, paint }: Look): string {
  const done = step.status === 'skipped' ? paint('dim', 'skip') : paint('green', 'done')
  const isBehind = step.status === 'done' || step.status === 'skipped'
  const mark = isBehind ? done : isCurrent ? paint('bold', 'here') : '    '
  const first = `       ${step.title.padEnd(width < 60 ? 0 : 24)}  `
  return `  ${mark}${wrapHanging(first, formatProgress(step, isCurrent), width).slice(6)}`
}

function formatProgress(step: ShownStep, isCurrent: boolean): string {
  const { met, required, status, project, template, optional } = step
  const note = optional ? ' (optional)' : ''
  if (status === 'planned') return `not in this version yet${note}`
  if (status === 'before-start') return `before your start${note}`
  if (status === 'skipped') return `skipped${note}`
  if (!step.begun) return `${isCurrent ? 'not started yet' : 'later'}${note}`
  return `${met}/${required} gates${template === null ? '' : `, in ${project}/`}${note}`
}
