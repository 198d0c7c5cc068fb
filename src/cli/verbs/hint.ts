import { type HintResult, hintOn } from '../../commands/hint.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import type { Look } from '../text/gates.ts'
import { wrapHanging } from '../text/lines.ts'

interface HintGiven {
  arguments: readonly [gate: string | undefined]
  options: { level: number }
}

export async function run(
  { arguments: [gate], options }: HintGiven,
  context: Context,
): Promise<Outcome<HintResult>> {
  const result = hintOn({ gate, level: options.level }, await context.makeWorld())
  await context.show((look) => describeHint(result, look))
  return succeed(result)
}

function describeHint(result: HintResult, { width, paint }: Look): string {
  const { gate, title, why, found, advice, hints, level, levels } = result
  const more =
    level < levels
      ? ['', `More (${level} of ${levels}): ai-eng-starter hint ${gate} --level ${level + 1}`]
      : []
  const lines = [
    paint('bold', wrapHanging('', `${gate}: ${title}`, width)),
    wrapHanging('  why    ', why, width),
    wrapHanging('  found  ', found, width),
    ...(advice === null ? [] : [wrapHanging('  so     ', advice, width)]),
    wrapHanging('  do     ', result.do, width),
    '',
    ...hints.map((text, index) => wrapHanging(`${index + 1}. `, text, width)),
    ...more,
  ]
  return `${lines.join('\n')}\n`
}
