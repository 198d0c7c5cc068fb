import type { SkipResult } from '../../commands/skip.ts'
import { type Look, todoLines } from './gates.ts'
import { hanging } from './lines.ts'

/** `done`: what happened to the gates, such as `Skipped`. */
export function describeSkip(done: string, { gates, file, next }: SkipResult, look: Look): string {
  const lines = [
    hanging(`${done}: `, gates.join(', '), look.width),
    `Saved in ${file}.`,
    '',
    ...todoLines(next, look),
  ]
  return `${lines.join('\n')}\n`
}
