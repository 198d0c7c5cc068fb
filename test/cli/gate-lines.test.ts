import { describe, expect, it } from 'vitest'
import { formatEvidence } from '../../src/cli/text/gates.ts'

const look = { width: 80, paint: (_: string, text: string) => text }

describe('records that were written', () => {
  it('are named while they are few', () => {
    const paths = ['notes/.ai-eng/evidence/own-test/a.json', 'notes/.ai-eng/evidence/measured/b.json']
    expect(formatEvidence(paths, look)).toEqual(paths.map((path) => `Evidence: ${path}`))
  })

  it('are counted by their folders when they are more', () => {
    const paths = ['a', 'b', 'c'].map((gate) => `notes/.ai-eng/evidence/${gate}/1.json`)
    const other = 'bot/.ai-eng/evidence/own-test/1.json'
    expect(formatEvidence([...paths, other], look)).toEqual([
      'Evidence: 3 records in notes/.ai-eng/evidence/',
      'Evidence: 1 record in bot/.ai-eng/evidence/',
    ])
  })
})
