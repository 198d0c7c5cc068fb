import { type DoctorResult, examine } from '../commands/doctor.ts'
import type { Finding } from '../core/doctor.ts'
import type { Machine } from '../io/machine.ts'
import type { Look } from './gate-lines.ts'
import { type Colour, hanging } from './lines.ts'
import { showResult } from './show-result.ts'

export async function runDoctor(machine: Machine, { json }: { json: boolean }): Promise<DoctorResult> {
  return showResult(() => examine(machine), { json, isResult, textOf })
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
