import { describeRoad, type RoadmapResult } from '../../commands/roadmap.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import type { Look } from '../text/gates.ts'
import { wrapHanging } from '../text/lines.ts'
import { formatOpening } from '../text/opening.ts'

type PrintedMilestone = RoadmapResult['milestones'][number]
type PrintedStep = PrintedMilestone['steps'][number]

interface RoadmapGiven {
  arguments: readonly [milestone: string | undefined]
  options: object
}

export async function run(
  { arguments: [milestone] }: RoadmapGiven,
  context: Context,
): Promise<Outcome<RoadmapResult>> {
  const result = describeRoad(milestone, await context.makeWorld())
  await context.show((look) => `${formatRoadmap(result, milestone !== undefined, look)}\n`)
  return succeed(result)
}

/** The whole roadmap fits on a screen; a single milestone is shown with its reasons. */
function formatRoadmap({ milestones, current }: RoadmapResult, isFull: boolean, look: Look): string {
  if (isFull)
    return milestones
      .flatMap((one) => [
        ...formatOpening(one, look),
        '',
        ...one.steps.map((step) => formatStep(step, current, look)),
      ])
      .join('\n')
  const blocks = milestones.map((one) => formatMilestone(one, current, look).join('\n'))
  const ids = milestones.map(({ id }) => id).join(', ')
  return [
    ...blocks,
    wrapHanging(
      '',
      `For the reasons and a question to think about: ai-eng-starter roadmap MILESTONE (${ids})`,
      look.width,
    ),
  ].join('\n\n')
}

function formatMilestone(
  { id, title, days, learn, carries, skip, steps }: PrintedMilestone,
  current: string | null,
  look: Look,
): string[] {
  const { width, paint } = look
  const topics = (label: string, entries: PrintedMilestone['learn']) =>
    wrapHanging(label.padEnd(15), entries.map(({ topic }) => topic).join('; '), width)
  const names = steps.map((step) => `${step.title}${formatStepState(step, current)}`).join(' > ')
  return [
    paint('bold', wrapHanging('', `${id}  ${title}, days ${days}`, width)),
    wrapHanging('Steps'.padEnd(15), names, width),
    topics('Learn deeply', learn),
    topics('Carries over', carries),
    topics('Skip for now', skip),
  ]
}

function formatStepState(
  { id, status, optional, met, required, begun }: PrintedStep,
  current: string | null,
): string {
  if (status === 'done') return ' (done)'
  if (id === current) return ` (here, ${met}/${required})`
  if (status === 'planned') return ' (later version)'
  if (status === 'before-start') return ' (before your start)'
  if (optional) return ' (optional)'
  return begun ? ` (${met}/${required})` : ''
}

function formatStep(step: PrintedStep, current: string | null, { width, paint }: Look): string {
  const state = formatStepState(step, current)
  const text = `${step.summary}; about ${step.evenings} evenings${state}`
  const line = wrapHanging(`${step.title.padEnd(26)}`, text, width)
  return step.id === current ? paint('bold', line) : line
}
