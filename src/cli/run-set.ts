import type { RoadWorld } from '../commands/road.ts'
import { type SetResult, setVariable } from '../commands/set.ts'
import { withoutControls } from '../core/text.ts'
import { print } from '../io/print.ts'

interface SetArguments {
  key: string
  value: string
}

export async function runSet(
  given: SetArguments,
  world: RoadWorld,
  { json }: { json: boolean },
): Promise<SetResult> {
  const result = await setVariable(given, world)
  if (!json) await print(process.stdout, textOf(result))
  return result
}

function textOf({ key, value, before, file }: SetResult): string {
  const was = before === null || before === value ? '' : ` (was ${withoutControls(before)})`
  return `${key} is ${withoutControls(value)}${was}, in ${file}\n`
}
