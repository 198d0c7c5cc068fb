import { type SetResult, setVariable } from '../../commands/set.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import { escapeControls } from '../../core/text.ts'
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
  await context.show(() => describeSet(result))
  return succeed(result)
}

function describeSet({ key, value, before, note, file }: SetResult): string {
  const was = before === null || before === value ? '' : ` (was ${escapeControls(before)})`
  const but = note === null ? '' : `Note: ${escapeControls(note)}\n`
  return `${key} is ${escapeControls(value)}${was}, in ${file}\n${but}`
}
