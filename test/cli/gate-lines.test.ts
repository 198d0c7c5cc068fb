import { describe, expect, it } from 'vitest'
import { formatCommit, formatEvidence } from '../../src/cli/text/gates.ts'

const look = { width: 80, directory: '/road', paint: (_: string, text: string) => text }
const directory = '/road'

describe('records that were written', () => {
  it('are named while they are few', () => {
    const paths = ['notes/.ai-eng/evidence/own-test/a.json', 'notes/.ai-eng/evidence/measured/b.json']
    expect(formatEvidence({ directory, evidence: paths }, look)).toEqual(
      paths.map((path) => `Evidence: ${path}`),
    )
  })

  it('are counted by their folders when they are more', () => {
    const paths = ['a', 'b', 'c'].map((gate) => `notes/.ai-eng/evidence/${gate}/1.json`)
    const other = 'bot/.ai-eng/evidence/own-test/1.json'
    expect(formatEvidence({ directory, evidence: [...paths, other] }, look)).toEqual([
      'Evidence: 3 records in notes/.ai-eng/evidence/',
      'Evidence: 1 record in bot/.ai-eng/evidence/',
    ])
  })

  it('are named as the current directory sees them, with the commands that commit them', () => {
    const written = { directory, evidence: ['my notes/.ai-eng/evidence/own-test/a.json'] }
    const inside = { ...look, directory: '/road/my notes' }
    expect(formatEvidence(written, inside)).toEqual(['Evidence: .ai-eng/evidence/own-test/a.json'])
    expect(formatCommit(written, inside)[1]).toBe('  git add .ai-eng && git commit -m "Add evidence"')
    expect(formatCommit(written, look)[1]).toBe(
      `  git -C 'my notes' add .ai-eng && git -C 'my notes' commit -m "Add evidence"`,
    )
  })
})
