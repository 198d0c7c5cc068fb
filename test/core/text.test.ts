import { describe, expect, it } from 'vitest'
import { checkSteps } from '../../src/core/check-steps.ts'
import { escapeControls, escapeInvisible, findNearest } from '../../src/core/text.ts'

describe('printed text', () => {
  it('shows what a terminal would obey', () => {
    expect(escapeControls('a\u001b[31mé\u202e\n')).toBe('a\\u001b[31mé\\u202e\\u000a')
    expect(escapeInvisible('\u{1f600}')).toBe('\\u{1f600}')
  })
})

describe('a mistyped word', () => {
  it('finds its neighbour and nothing far away', () => {
    expect(findNearest('sumariser', ['extractor', 'summariser'])).toBe('summariser')
    expect(findNearest('zzz', ['extractor', 'summariser'])).toBeUndefined()
  })
})

describe('a check script', () => {
  it('is its npm scripts in order', () => {
    expect(checkSteps('npm run typecheck && npm test && npm run eval')).toEqual(['typecheck', 'test', 'eval'])
  })

  it('may hold nothing else', () => {
    expect(() => checkSteps('npm test || true')).toThrow('not a plain script')
  })
})
