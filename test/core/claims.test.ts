import { expect, it } from 'vitest'
import { collectClaims, type PlacedStep } from '../../src/core/portfolio/claims.ts'

const scores = { suite: 'chat', passed: 4, paired: 6, heuristic: 3 }

function claimOf(data: object) {
  const gate = { id: 'real-model', kind: 'eval', required: true, title: 'A model has a baseline' }
  const evidence = { data: { ...scores, ...data }, commit: null, dirty: null }
  const step = { id: 'summariser', optional: false }
  const state = { gate, status: 'passed', evidence, at: '2099-01-01T00:00:00.000Z', found: '' }
  const placed = { step, project: 'app', origin: null, gates: [state] }
  return collectClaims(placed as unknown as PlacedStep)[0]
}

it('labels the score of a program that answered as the model as self-reported', () => {
  const claim = claimOf({ model: 'through ask', selfReported: true })
  expect(claim).toMatchObject({ standing: 'self-reported', says: expect.stringContaining('(self-reported)') })
  expect(claimOf({ model: 'tiny' })).toMatchObject({
    standing: 'proven',
    says: expect.stringMatching(/^tiny 4\/6/),
  })
})
