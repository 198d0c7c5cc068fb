import type { Opening } from '../../core/roadmap/opening.ts'
import type { Look } from './gates.ts'
import { wrapHanging } from './lines.ts'

/** The opening screen of a milestone. */
export function formatOpening(opening: Opening, { width, paint }: Look): string[] {
  const { id, title, days, summary, learn, carries, skip, question } = opening
  const block = (label: string, topics: Opening['learn']) => [
    '',
    paint('bold', label),
    ...topics.map(({ topic, why }) => wrapHanging('  - ', `${topic}: ${why}`, width)),
  ]
  return [
    paint('bold', wrapHanging('', `${id}  ${title}, days ${days}`, width)),
    wrapHanging('', `${summary}.`, width),
    ...block('Learn deeply', learn),
    ...block('You know this already', carries),
    ...block('Skip for now', skip),
    '',
    wrapHanging('', `Think about: ${question}`, width),
  ]
}
