import { expect, it } from 'vitest'
import { roadmap } from './ground.ts'
import { readOverlay, solvedSteps } from './overlay.ts'

it.each(solvedSteps())('the overlay of %s has a piece for each required gate, and for no other', (id) => {
  const { pieces, beside } = readOverlay(id)
  const gates = roadmap.steps.find((step) => step.id === id)?.gates ?? []
  const required = gates.filter((gate) => gate.required).map((gate) => gate.id)
  expect(Object.keys(pieces).sort()).toEqual(required.sort())
  if (beside !== undefined) expect(solvedSteps()).toContain(beside)
})

it('every step that has required gates has an overlay', () => {
  const gated = roadmap.steps.filter(({ gates }) => gates.some(({ required }) => required))
  expect(solvedSteps()).toEqual(expect.arrayContaining(gated.map(({ id }) => id)))
})
