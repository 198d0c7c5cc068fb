import { describe, expect, it } from 'vitest'
import { firstSentence } from '../src/answer.ts'

describe('the heuristic answer', () => {
  it('quotes the first sentence of the prose, not the heading', () => {
    expect(firstSentence('# Title\n\nOne thing. Another thing.')).toBe('One thing.')
  })

  it('follows the text', () => {
    expect(firstSentence('Bread needs 4 hours. It rests.')).toBe('Bread needs 4 hours.')
  })
})
