import type { RoadWorld } from '../commands/road.ts'
import { type StartResult, startAt } from '../commands/start.ts'
import { print } from '../io/print.ts'
import { todoLines } from './gate-lines.ts'
import { painter, widthOf } from './lines.ts'
import { openingLines } from './opening-lines.ts'

export async function runStart(
  milestone: string,
  world: RoadWorld,
  { json }: { json: boolean },
): Promise<StartResult> {
  const result = await startAt(milestone, world)
  if (!json) await print(process.stdout, textOf(result))
  return result
}

function textOf({ opening, next }: StartResult): string {
  const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
  return `${[...openingLines(opening, look), '', ...todoLines(next, look)].join('\n')}\n`
}
