import type { Opening } from '../../core/roadmap/opening.ts'
import type { Look } from './gates.ts'
import { hanging } from './lines.ts'

/** The first screen of a milestone. */
export function openingLines(opening: Opening, { width, paint }: Look): string[] {
  const { id, title, days, summary, learn, carries, skip, question } = opening
  const block = (label: string, topics: Opening['learn']) => [
    '',
    paint('bold', label),
    ...topics.map(({ topic, why }) => hanging('  - ', `${topic}: ${why}`, width)),
  ]
  return [
    paint('bold', hanging('', `${id}  ${title}, days ${days}`, width)),
    hanging('', `${summary}.`, width),
    ...block('Learn deeply', learn),
    ...block('You know this already', carries),
    ...block('Skip for now', skip),
    '',
    hanging('', `Think about: ${question}`, width),
  ]
}
