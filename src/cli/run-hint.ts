import { type HintResult, hintOn } from '../commands/hint.ts'
import type { RoadWorld } from '../commands/road.ts'
import { print } from '../io/print.ts'
import { hanging, painter, widthOf } from './lines.ts'

interface HintArguments {
  gate: string | undefined
  level: number
}

export async function runHint(
  given: HintArguments,
  world: RoadWorld,
  { json }: { json: boolean },
): Promise<HintResult> {
  const result = hintOn(given, world)
  if (!json) await print(process.stdout, textOf(result, widthOf(process.stdout)))
  return result
}

function textOf(result: HintResult, width: number): string {
  const { gate, title, why, found, advice, hints, level, levels } = result
  const paint = painter(process.stdout, process.env)
  const more =
    level < levels
      ? ['', `More (${level} of ${levels}): ai-eng-starter hint ${gate} --level ${level + 1}`]
      : []
  const lines = [
    paint('bold', hanging('', `${gate}: ${title}`, width)),
    hanging('  why    ', why, width),
    hanging('  found  ', found, width),
    ...(advice === null ? [] : [hanging('  so     ', advice, width)]),
    hanging('  do     ', result.do, width),
    '',
    ...hints.map((text, index) => hanging(`${index + 1}. `, text, width)),
    ...more,
  ]
  return `${lines.join('\n')}\n`
}
