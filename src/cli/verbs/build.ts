import { type BuildRequest, type BuildResult, buildExercise } from '../../commands/build/build.ts'
import type { World } from '../../commands/world.ts'
import { EXIT, UsageError } from '../../core/errors.ts'
import type { Outcome } from '../../core/outcome.ts'
import { print } from '../../io/print.ts'
import { takeStamp, untilChanged } from '../../io/watch.ts'
import type { Context } from '../context.ts'
import { describeBuild } from '../text/build.ts'
import { measureWidth, wrapHanging } from '../text/lines.ts'

interface BuildGiven {
  arguments: readonly [exercise: string | undefined]
  options: {
    watch?: true
    /** True without a number. */
    hint?: number | true
    compare?: true
    giveUp?: true
    yes?: true
  }
}

/** Throws a UsageError for options that exclude each other. */
export async function run(
  { arguments: [exercise], options }: BuildGiven,
  context: Context,
): Promise<Outcome<BuildResult>> {
  refusePairs(options, context.json)
  const { hint, compare, giveUp, yes, watch } = options
  const request = {
    exercise,
    hint: hint === true ? 1 : hint,
    compare: compare === true,
    giveUp: giveUp === true,
    yes: yes === true,
  }
  const world = await context.makeWorld({ yes })
  return watch ? watchExercise(request, world, context) : buildOnce(request, world, context)
}

function refusePairs({ watch, hint, compare, giveUp }: BuildGiven['options'], json: boolean): void {
  const given = Object.entries({
    '--watch': watch,
    '--hint': hint,
    '--compare': compare,
    '--give-up': giveUp,
  })
  const flags = given.flatMap(([flag, value]) => (value === undefined ? [] : [flag]))
  if (flags.length > 1) throw new UsageError(`${flags.join(' and ')} exclude each other`, 'Keep one of them')
  if (watch && json)
    throw new UsageError(
      '--watch prints again and again, and --json prints one document',
      'Remove one of the two',
    )
}

/** Prints the result, also when the outcome has a problem. */
async function buildOnce(
  request: BuildRequest,
  world: World,
  context: Context,
): Promise<Outcome<BuildResult>> {
  const outcome = await buildExercise(request, world)
  await context.show((look) => describeBuild(outcome.result, look))
  return outcome
}

/** Runs the tests again whenever a file changes, until all is green or the learner stops it. */
async function watchExercise(
  request: BuildRequest,
  world: World,
  context: Context,
): Promise<Outcome<BuildResult>> {
  for (;;) {
    const before = takeStamp([world.directory])
    if (process.stdout.isTTY) await print(process.stdout, '\u001b[2J\u001b[H')
    const outcome = await buildOnce(request, world, context)
    const { result, problem } = outcome
    const isRed = result.kind === 'step' && result.progress.stage !== 'green'
    if (!isRed || (problem && problem.exitCode !== EXIT.unmet)) return outcome
    const text = 'Watching for changes. Press Ctrl-C to stop.'
    await print(process.stdout, `\n${wrapHanging('', text, measureWidth(process.stdout))}\n`)
    await untilChanged([world.directory], before, context.signal)
  }
}
