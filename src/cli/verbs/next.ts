import { type NextResult, nextStep } from '../../commands/next/next.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import {
  countsOf,
  evidenceLines,
  gateLines,
  type Look,
  stepName,
  todoLines,
  unmetLines,
} from '../text/gates.ts'
import { hanging } from '../text/lines.ts'
import { openingLines } from '../text/opening.ts'

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
  const outcome = await nextStep(request, await context.makeWorld({ yes: options.yes }))
  // A project that is not ready has said so itself.
  const isBroken = outcome.problem !== null && outcome.result.project !== null
  if (!isBroken) await context.show((look) => describe(outcome.result, look))
  return outcome
}

/** What `next` did, then what to do. */
function describe(result: NextResult, look: Look): string {
  const { width } = look
  const skipped = result.dryRun ? 'Would skip: ' : 'Skipped: '
  const done = [
    ...result.skipped.map((name) => hanging(skipped, name, width)),
    ...evidenceLines(result.evidence, look),
    ...result.warnings.map((text) => hanging('Note: ', text, width)),
  ]
  const opening = result.opening ? openingLines(result.opening, look) : []
  const blocks = [done, opening, describeStep(result, look)].filter((lines) => lines.length > 0)
  // Below what was said while it was made.
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
      return describeGates(result, look)
    case 'finished':
      return todoLines(result.next, look)
    default:
      return result.kind satisfies never
  }
}

function describePlanned({ project }: NextResult, { width }: Look): string[] {
  if (!project) return []
  const files = `${project.files.length} files`
  return [hanging('', `Would create ${project.directory}: ${files}. Nothing was written.`, width)]
}

function describeMade({ project, step }: NextResult, { width, paint }: Look): string[] {
  if (!project) return []
  const head = `${step?.title ?? project.template} is ready in ${project.directory}. Next:`
  const commands = [...project.next, 'ai-eng-starter check']
  return [paint('bold', hanging('', head, width)), ...commands.map((command) => `  ${command}`)]
}

/** All gates in a line each, then the first that is not met in full: one thing at a time. */
function describeGates({ step, next, kind }: NextResult, look: Look): string[] {
  if (!step) return todoLines(next, look)
  const head = `${kind === 'advanced' ? 'Next is' : 'You are at'} ${stepName(step)}: ${countsOf(step)}.`
  const first = step.gates.find(({ id }) => id === next.gate)
  const full = first ? ['', ...unmetLines(first, look)] : ['', ...todoLines(next, look)]
  return [hanging('', head, look.width), '', ...gateLines(step.gates, look), ...full]
}
