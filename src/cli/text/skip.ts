import type { SkipResult } from '../../commands/skip.ts'
import { formatTodo, type Look } from './gates.ts'
import { wrapHanging } from './lines.ts'

/** `done`: what happened to the gates, such as `Skipped`. */
export function describeSkip(done: string, { gates, file, next }: SkipResult, look: Look): string {
  const lines = [
    wrapHanging(`${done}: `, gates.join(', '), look.width),
    `Saved in ${file}.`,
    '',
    ...formatTodo(next, look),
  ]
  return `${lines.join('\n')}\n`
}
