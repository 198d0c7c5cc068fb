import { expect, it } from 'vitest'
import { toEvening } from '../../src/core/state/pace.ts'

it.each([
  ['2026-11-28T20:00:00Z', 0, '2026-11-28'],
  ['2026-11-29T01:30:00Z', 0, '2026-11-28'],
  ['2026-11-28T23:30:00Z', 120, '2026-11-28'],
  ['2026-11-28T18:30:00Z', 600, '2026-11-29'],
  ['2026-11-29T02:00:00Z', -300, '2026-11-28'],
])('%s at %i minutes from UTC is the evening of %s', (moment, offset, evening) => {
  expect(toEvening(Date.parse(moment), offset)).toBe(evening)
})
