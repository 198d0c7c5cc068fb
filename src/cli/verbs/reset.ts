import { type ResetResult, resetGates } from '../../commands/reset/reset.ts'
import { type ResetFilesResult, resetFiles } from '../../commands/reset/reset-files.ts'
import { UsageError } from '../../core/errors.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { formatTodo, type Look } from '../text/gates.ts'
import { wrapHanging } from '../text/lines.ts'

interface ResetGiven {
  arguments: readonly [name: string | undefined]
  options: { files?: true; yes?: true }
}

/** Throws a UsageError for --files with a name. */
export async function run(
  { arguments: [name], options }: ResetGiven,
  context: Context,
): Promise<Outcome<ResetResult | ResetFilesResult>> {
  const world = await context.makeWorld({ yes: options.yes })
  if (!options.files) {
    const result = await resetGates(name, world)
    await context.show((look) => describeForgotten(result, look))
    return succeed(result)
  }
  if (name !== undefined)
    throw new UsageError(
      'reset --files restores a whole project',
      'Run it inside the project, without a name',
    )
  const result = await resetFiles({ yes: options.yes === true }, world)
  await context.show((look) => describeFiles(result, look))
  return succeed(result)
}

function describeForgotten({ gates, next }: ResetResult, look: Look): string {
  const kept = 'Earlier records stay; a new record next to them says that they no longer count.'
  const lines = [
    wrapHanging('Reset: ', gates.join(', '), look.width),
    wrapHanging('', kept, look.width),
    '',
    ...formatTodo(next, look),
  ]
  return `${lines.join('\n')}\n`
}

function describeFiles({ project, restored, kept, backup, undo }: ResetFilesResult, { width }: Look): string {
  const left = kept.map((path) => wrapHanging('Not in this version, left unchanged: ', path, width))
  if (backup === null || undo === null)
    return `${[`Nothing to restore in ${project}/.`, ...left].join('\n')}\n`
  const saved = `The previous files of ${project}/ are saved in git as ${backup}. To undo, in ${project}/:`
  const lines = [
    ...restored.map((path) => wrapHanging('Restored: ', path, width)),
    ...left,
    '',
    wrapHanging('', saved, width),
    `  ${undo}`,
  ]
  return `${lines.join('\n')}\n`
}
