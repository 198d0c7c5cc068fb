import { type StartResult, startAt } from '../../commands/start.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { formatTodo } from '../text/gates.ts'
import { formatOpening } from '../text/opening.ts'

interface StartGiven {
  arguments: readonly []
  options: { at: string }
}

export async function run({ options }: StartGiven, context: Context): Promise<Outcome<StartResult>> {
  const result = await startAt(options.at, await context.makeWorld())
  const { opening, next } = result
  await context.show(
    (look) => `${[...formatOpening(opening, look), '', ...formatTodo(next, look)].join('\n')}\n`,
  )
  return succeed(result)
}
