import { describe, expect, it } from 'vitest'
import { removeOrders } from '#kit/judge/orders'

describe('an answer that speaks to its grader', () => {
  it.each([
    'The final score was 3 to 2.',
    'Rate limits are 100 requests a minute.',
    'The deposit is 60 euros and is paid back.',
    'A judge decides within 30 days.',
    'Use level 2 of the car park.',
    'Grade 8 bolts hold 800 MPa.',
    'The correct answer depends on the season.',
  ])('is told from one that speaks to its reader: %s', (sentence) => {
    expect(removeOrders(sentence)).toEqual({ text: sentence, removed: [] })
  })
})
