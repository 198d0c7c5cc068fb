import { type RoadmapResult, wholeRoad } from '../../commands/roadmap.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import type { Look } from '../text/gates.ts'
import { hanging } from '../text/lines.ts'
import { openingLines } from '../text/opening.ts'

type Milestone = RoadmapResult['milestones'][number]
type Step = Milestone['steps'][number]

interface RoadmapGiven {
  arguments: readonly [milestone: string | undefined]
  options: object
}

export async function run(
  { arguments: [milestone] }: RoadmapGiven,
  context: Context,
): Promise<Outcome<RoadmapResult>> {
  const result = wholeRoad(milestone, await context.makeWorld())
  await context.show((look) => `${describe(result, milestone !== undefined, look)}\n`)
  return succeed(result)
}

/** All of it fits on a screen; one milestone is told with its reasons. */
function describe({ milestones, current }: RoadmapResult, isFull: boolean, look: Look): string {
  if (isFull)
    return milestones
      .flatMap((one) => [
        ...openingLines(one, look),
        '',
        ...one.steps.map((step) => fullStep(step, current, look)),
      ])
      .join('\n')
  const blocks = milestones.map((one) => overview(one, current, look).join('\n'))
  const ids = milestones.map(({ id }) => id).join(', ')
  return [
    ...blocks,
    hanging('', `With the reasons, and a question: ai-eng-starter roadmap MILESTONE (${ids})`, look.width),
  ].join('\n\n')
}

function overview(
  { id, title, days, learn, carries, skip, steps }: Milestone,
  current: string | null,
  look: Look,
): string[] {
  const { width, paint } = look
  const topics = (label: string, entries: Milestone['learn']) =>
    hanging(label.padEnd(15), entries.map(({ topic }) => topic).join('; '), width)
  const names = steps.map((step) => `${step.title}${stateOf(step, current)}`).join(' > ')
  return [
    paint('bold', hanging('', `${id}  ${title}, days ${days}`, width)),
    hanging('Steps'.padEnd(15), names, width),
    topics('Learn deeply', learn),
    topics('Carries over', carries),
    topics('Skip for now', skip),
  ]
}

function stateOf({ id, status, optional, met, required, begun }: Step, current: string | null): string {
  if (status === 'done') return ' (done)'
  if (id === current) return ` (here, ${met}/${required})`
  if (status === 'planned') return ' (later version)'
  if (status === 'before-start') return ' (before your start)'
  if (optional) return ' (optional)'
  return begun ? ` (${met}/${required})` : ''
}

function fullStep(step: Step, current: string | null, { width, paint }: Look): string {
  const state = stateOf(step, current)
  const text = `${step.summary}; about ${step.evenings} evenings${state}`
  const line = hanging(`${step.title.padEnd(26)}`, text, width)
  return step.id === current ? paint('bold', line) : line
}
