import { type CheckRequest, type CheckResult, checkGates } from '../../commands/check/check.ts'
import { findWatched } from '../../commands/check/watch.ts'
import type { World } from '../../commands/world.ts'
import { EXIT, UsageError } from '../../core/errors.ts'
import type { Outcome } from '../../core/outcome.ts'
import { print } from '../../io/print.ts'
import { takeStamp, untilChanged } from '../../io/watch.ts'
import type { Context } from '../context.ts'
import { reportToGithub } from '../github-report.ts'
import {
  formatCommit,
  formatEvidence,
  formatGates,
  formatStepName,
  formatUnmet,
  type Look,
} from '../text/gates.ts'
import { measureWidth, wrapHanging } from '../text/lines.ts'

interface CheckGiven {
  arguments: readonly [gates: readonly string[]]
  options: {
    all?: true
    changed?: true
    watch?: true
    ci?: true
    offline?: true
    yes?: true
    answer?: string
  }
}

/** Throws a UsageError for --watch with --json. */
export async function run(
  { arguments: [gates], options }: CheckGiven,
  context: Context,
): Promise<Outcome<CheckResult>> {
  const request = {
    gates,
    all: options.all === true,
    changed: options.changed === true,
    offline: options.offline === true,
    yes: options.yes === true,
    answer: options.answer,
    record: options.ci !== true,
  }
  const world = await context.makeWorld()
  return options.watch ? watch(request, world, context) : checkOnce(request, world, context)
}

/** Prints the findings, also when the outcome is a failure. */
async function checkOnce(
  request: CheckRequest,
  world: World,
  context: Context,
): Promise<Outcome<CheckResult>> {
  const outcome = await checkGates(request, world)
  await context.show((look) => describeChecked(outcome.result, look))
  if (!request.record) await reportToGithub(outcome.result, { json: context.json, env: process.env })
  return outcome
}

/**
 * Re-checks whenever a file changes, until it is stopped. Leaves out gates that cost money or need the
 * network. Throws a UsageError with `--json`.
 */
async function watch(request: CheckRequest, world: World, context: Context): Promise<Outcome<CheckResult>> {
  if (context.json)
    throw new UsageError('--watch never ends, and --json prints one document', 'Remove one of the two flags')
  const limits = { ...request, offline: true, yes: false }
  const directories = findWatched(request, world)
  for (;;) {
    const before = takeStamp(directories)
    if (process.stdout.isTTY) await print(process.stdout, '\u001b[2J\u001b[H')
    const outcome = await checkOnce(limits, world, context)
    // A failing gate is what the learner watches for, so it does not end the loop.
    if (outcome.problem && outcome.problem.exitCode !== EXIT.unmet) return outcome
    const text = 'Watching for changes; gates that need the network are not checked. Press Ctrl-C to stop.'
    await print(process.stdout, `\n${wrapHanging('', text, measureWidth(process.stdout))}\n`)
    await untilChanged(directories, before, context.signal)
  }
}

/** Prints all gates, one line each, then only the first that does not pass in full. */
function describeChecked(result: CheckResult, look: Look): string {
  const blocks = result.steps.flatMap((step) => [formatStepName(step), ...formatGates(step.gates, look), ''])
  const gates = result.steps.flatMap(({ gates: own }) => own)
  const isOpen = ({ status }: { status: string }) => status === 'failing' || status === 'unknown'
  const open = gates.find((gate) => gate.required && isOpen(gate)) ?? gates.find(isOpen)
  const written = formatEvidence(result, look)
  const lines = [
    ...(gates.length === 0
      ? ['Nothing to check: every gate passes or is skipped, and no file has changed since.', '']
      : blocks),
    ...written,
    ...(written.length > 0 ? [...formatCommit(result, look), ''] : []),
    ...result.warnings.map((text) => wrapHanging('Note: ', text, look.width)),
    ...(open ? [...formatUnmet(open, look), ''] : []),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}
