import { type StartResult, startAt } from '../../commands/start.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { todoLines } from '../text/gates.ts'
import { openingLines } from '../text/opening.ts'

interface StartGiven {
  arguments: readonly []
  options: { at: string }
}

export async function run({ options }: StartGiven, context: Context): Promise<Outcome<StartResult>> {
  const result = await startAt(options.at, await context.makeWorld())
  const { opening, next } = result
  await context.show(
    (look) => `${[...openingLines(opening, look), '', ...todoLines(next, look)].join('\n')}\n`,
  )
  return succeed(result)
}
