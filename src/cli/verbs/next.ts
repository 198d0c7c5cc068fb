import { type NextResult, takeNextStep } from '../../commands/next/next.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import {
  formatCounts,
  formatEvidence,
  formatGates,
  formatStepName,
  formatTodo,
  formatUnmet,
  type Look,
} from '../text/gates.ts'
import { wrapHanging } from '../text/lines.ts'
import { formatOpening } from '../text/opening.ts'

interface NextGiven {
  arguments: readonly [name: string | undefined]
  options: {
    dryRun?: true
    force?: true
    reason?: string
    offline?: true
    yes?: true
    install: boolean
    git: boolean
  }
}

export async function run(
  { arguments: [name], options }: NextGiven,
  context: Context,
): Promise<Outcome<NextResult>> {
  const { reason, install, git } = options
  const request = {
    ...{ name, reason, install, git },
    dryRun: options.dryRun === true,
    force: options.force === true,
    offline: options.offline === true,
    yes: options.yes === true,
  }
  const outcome = await takeNextStep(request, await context.makeWorld({ yes: options.yes }))
  // `makeProject` has already reported a project that is not ready.
  const isBroken = outcome.problem !== null && outcome.result.project !== null
  if (!isBroken) await context.show((look) => describeNextResult(outcome.result, look))
  return outcome
}

/** Prints what `next` did, then what to do. */
function describeNextResult(result: NextResult, look: Look): string {
  const { width } = look
  const skipped = result.dryRun ? 'Would skip: ' : 'Skipped: '
  const done = [
    ...result.skipped.map((name) => wrapHanging(skipped, name, width)),
    ...formatEvidence(result, look),
    ...result.warnings.map((text) => wrapHanging('Note: ', text, width)),
  ]
  const opening = result.opening ? formatOpening(result.opening, look) : []
  const blocks = [done, describeDone(result, look), opening, describeStep(result, look)].filter(
    (lines) => lines.length > 0,
  )
  // A blank line separates this from the progress lines above.
  const above = result.project !== null && !result.dryRun ? '\n' : ''
  return `${above}${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function describeStep(result: NextResult, look: Look): string[] {
  switch (result.kind) {
    case 'created':
    case 'resumed':
      return result.dryRun ? describePlanned(result, look) : describeMade(result, look)
    case 'unmet':
    case 'advanced':
      return describeStanding(result, look)
    case 'finished':
      return describeEnd(result, look)
    default:
      return result.kind satisfies never
  }
}

function describeDone({ done }: NextResult, { width }: Look): string[] {
  return done ? [wrapHanging('', `${done.title} is done. You can now ${done.can}.`, width)] : []
}

/** What the learner can do now, what no step requires, and the one next command. */
function describeEnd({ abilities, offers, next }: NextResult, look: Look): string[] {
  const { width, paint } = look
  const can = abilities.map(({ title, can: text }) => wrapHanging('  - ', `${text} (${title})`, width))
  const more = offers.flatMap((offer) => [
    wrapHanging('  - ', `${offer.title}: ${offer.summary}`, width),
    wrapHanging('    ', offer.do, width),
  ])
  return [
    ...(can.length > 0 ? [paint('bold', 'You can now'), ...can, ''] : []),
    ...(more.length > 0 ? [paint('bold', 'Optional, if you like'), ...more, ''] : []),
    ...formatTodo(next, look),
  ]
}

function describePlanned({ project }: NextResult, { width }: Look): string[] {
  if (!project) return []
  const files = `${project.files.length} files`
  return [wrapHanging('', `Would create ${project.directory}: ${files}. Nothing was written.`, width)]
}

function describeMade({ project, step, next }: NextResult, look: Look): string[] {
  if (!project) return []
  const head = `${step?.title ?? project.template} is ready in ${project.directory}. See it work:`
  const commands = project.next.map((command) => `  ${command}`)
  return [look.paint('bold', wrapHanging('', head, look.width)), ...commands, '', ...formatTodo(next, look)]
}

/** Prints all gates, one line each, then only the first that does not pass in full. */
function describeStanding({ step, next, kind }: NextResult, look: Look): string[] {
  if (!step) return formatTodo(next, look)
  const head = `${kind === 'advanced' ? 'You are now at' : 'You are at'} ${formatStepName(step)}: ${formatCounts(step)}.`
  const first = step.gates.find(({ id }) => id === next.gate)
  const full = first ? ['', ...formatUnmet(first, look)] : ['', ...formatTodo(next, look)]
  return [wrapHanging('', head, look.width), '', ...formatGates(step.gates, look), ...full]
}
