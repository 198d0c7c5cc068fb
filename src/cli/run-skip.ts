import type { RoadWorld } from '../commands/road.ts'
import { type SkipResult, skipGates, unskipGates } from '../commands/skip.ts'
import { print } from '../io/print.ts'
import { todoLines } from './gate-lines.ts'
import { hanging, painter, widthOf } from './lines.ts'

interface Output {
  json: boolean
}

export async function runSkip(
  given: { name: string; reason: string },
  world: RoadWorld,
  { json }: Output,
): Promise<SkipResult> {
  const result = await skipGates(given, { ...world, now: () => new Date() })
  if (!json) await print(process.stdout, textOf('Skipped', result))
  return result
}

export async function runUnskip(name: string, world: RoadWorld, { json }: Output): Promise<SkipResult> {
  const result = await unskipGates(name, world)
  if (!json) await print(process.stdout, textOf('Counted again', result))
  return result
}

function textOf(done: string, { gates, file, next }: SkipResult): string {
  const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
  const lines = [
    hanging(`${done}: `, gates.join(', '), look.width),
    `Kept in ${file}.`,
    '',
    ...todoLines(next, look),
  ]
  return `${lines.join('\n')}\n`
}
