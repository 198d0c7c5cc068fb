import { type ResetResult, resetGates } from '../commands/reset.ts'
import { type ResetFilesResult, resetFiles } from '../commands/reset-files.ts'
import type { RoadWorld } from '../commands/road.ts'
import { UsageError } from '../core/errors.ts'
import { loadPack } from '../io/packs.ts'
import { print } from '../io/print.ts'
import { progressLine } from '../io/progress-line.ts'
import { todoLines } from './gate-lines.ts'
import { gateWorld, type Here } from './gate-world.ts'
import { hanging, painter, widthOf } from './lines.ts'

export async function runReset(
  name: string | undefined,
  road: RoadWorld,
  terminal: Here,
): Promise<ResetResult> {
  const result = await resetGates(name, gateWorld(road, terminal, progressLine(process.stderr)))
  if (!terminal.json) await print(process.stdout, gatesText(result))
  return result
}

export async function runResetFiles(
  { name, yes }: { name: string | undefined; yes: boolean },
  road: RoadWorld,
  { json, signal, dist }: Here,
): Promise<ResetFilesResult> {
  if (name !== undefined)
    throw new UsageError(
      'reset --files is about a whole project',
      'Run it inside the project, without a name',
    )
  const mayAsk = !json && !yes && Boolean(process.stdin.isTTY && process.stderr.isTTY)
  const ask = mayAsk ? (await import('../io/ask.ts')).terminalAsk : undefined
  const packOf = (owner: string) => loadPack(dist, owner)
  const result = await resetFiles({ yes }, { ...road, packOf, ask, signal, now: () => new Date() })
  if (!json) await print(process.stdout, filesText(result))
  return result
}

function gatesText({ gates, next }: ResetResult): string {
  const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
  const lines = [
    hanging('To be met again: ', gates.join(', '), look.width),
    hanging(
      '',
      'Earlier records stay where they are; a new one beside them says that they do not count.',
      look.width,
    ),
    '',
    ...todoLines(next, look),
  ]
  return `${lines.join('\n')}\n`
}

function filesText({ project, restored, kept, backup, undo }: ResetFilesResult): string {
  const width = widthOf(process.stdout)
  const left = kept.map((path) => hanging('Not of this version, left as it is: ', path, width))
  if (backup === null || undo === null)
    return `${[`Nothing to put back in ${project}/.`, ...left].join('\n')}\n`
  const lines = [
    ...restored.map((path) => hanging('Put back: ', path, width)),
    ...left,
    '',
    hanging(
      '',
      `As it was before, ${project}/ is kept in git under ${backup}. To take this back, in ${project}/:`,
      width,
    ),
    `  ${undo}`,
  ]
  return `${lines.join('\n')}\n`
}
