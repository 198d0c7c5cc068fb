import { type DoctorResult, examine } from '../commands/doctor.ts'
import type { Finding } from '../core/doctor.ts'
import { UserError } from '../core/errors.ts'
import type { Machine } from '../io/machine.ts'
import { print } from '../io/print.ts'
import type { Look } from './gate-lines.ts'
import { type Colour, hanging, painter, widthOf } from './lines.ts'

export async function runDoctor(machine: Machine, { json }: { json: boolean }): Promise<DoctorResult> {
  const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
  const show = async (result: DoctorResult) =>
    json ? undefined : print(process.stdout, textOf(result, look))
  try {
    const result = await examine(machine)
    await show(result)
    return result
  } catch (error) {
    if (error instanceof UserError && isResult(error.done)) await show(error.done)
    throw error
  }
}

function isResult(done: unknown): done is DoctorResult {
  return typeof done === 'object' && done !== null && 'findings' in done
}

const MARKS: Record<Finding['state'], [mark: string, colour: Colour]> = {
  ok: ['ok  ', 'green'],
  note: ['note', 'yellow'],
  bad: ['BAD ', 'red'],
}

function textOf({ findings }: DoctorResult, { width, paint }: Look): string {
  const widest = Math.max(...findings.map(({ name }) => name.length))
  const lines = findings.flatMap(({ name, state, found, do: todo }) => {
    const [mark, colour] = MARKS[state]
    const first = `${mark}  ${name.padEnd(widest)}  `
    const line = hanging(first, found, width).replace(mark, paint(colour, mark))
    return todo === null ? [line] : [line, hanging(' '.repeat(first.length), todo, width)]
  })
  return `${lines.join('\n')}\n`
}
