import { type DoctorResult, examine } from '../../commands/doctor.ts'
import type { Diagnosis } from '../../core/doctor.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import type { Look } from '../text/gates.ts'
import { type Colour, wrapHanging } from '../text/lines.ts'

export async function run(_: unknown, context: Context): Promise<Outcome<DoctorResult>> {
  const { signal } = context
  const outcome = await examine({ directory: process.cwd(), env: process.env, signal })
  await context.show((look) => describeMachine(outcome.result, look))
  return outcome
}

const MARKS: Record<Diagnosis['state'], [mark: string, colour: Colour]> = {
  ok: ['ok  ', 'green'],
  note: ['note', 'yellow'],
  bad: ['BAD ', 'red'],
}

function describeMachine({ findings }: DoctorResult, { width, paint }: Look): string {
  const widest = Math.max(...findings.map(({ name }) => name.length))
  const lines = findings.flatMap(({ name, state, found, do: todo }) => {
    const [mark, colour] = MARKS[state]
    const first = `${mark}  ${name.padEnd(widest)}  `
    const line = wrapHanging(first, found, width).replace(mark, paint(colour, mark))
    return todo === null ? [line] : [line, wrapHanging(' '.repeat(first.length), todo, width)]
  })
  return `${lines.join('\n')}\n`
}
