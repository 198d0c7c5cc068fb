import { type SkipResult, unskipGates } from '../../commands/skip.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { describeSkip } from '../text/skip.ts'

interface UnskipGiven {
  arguments: readonly [name: string]
  options: object
}

export async function run(
  { arguments: [name] }: UnskipGiven,
  context: Context,
): Promise<Outcome<SkipResult>> {
  const result = await unskipGates(name, await context.makeWorld())
  await context.show((look) => describeSkip('Counted again', result, look))
  return succeed(result)
}
