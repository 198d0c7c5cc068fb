import { type SkipResult, skipGates } from '../../commands/skip.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { describeSkip } from '../text/skip.ts'

interface SkipGiven {
  arguments: readonly [name: string]
  options: { reason: string }
}

export async function run(
  { arguments: [name], options }: SkipGiven,
  context: Context,
): Promise<Outcome<SkipResult>> {
  const result = await skipGates({ name, reason: options.reason }, await context.makeWorld())
  await context.show((look) => describeSkip('Skipped', result, look))
  return succeed(result)
}
