import { type SetResult, setVariable } from '../../commands/set.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import { withoutControls } from '../../core/text.ts'
import type { Context } from '../context.ts'

interface SetGiven {
  arguments: readonly [key: string, value: string]
  options: object
}

export async function run(
  { arguments: [key, value] }: SetGiven,
  context: Context,
): Promise<Outcome<SetResult>> {
  const result = await setVariable({ key, value }, await context.makeWorld())
  await context.show(() => describe(result))
  return succeed(result)
}

function describe({ key, value, before, file }: SetResult): string {
  const was = before === null || before === value ? '' : ` (was ${withoutControls(before)})`
  return `${key} is ${withoutControls(value)}${was}, in ${file}\n`
}
