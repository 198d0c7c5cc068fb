import { expect, it } from 'vitest'
import { wrapHanging } from '../../src/cli/text/lines.ts'

it('breaks at spaces, under where the text begins', () => {
  expect(wrapHanging('found   ', 'twelve files and none of them is yours', 30)).toBe(
    'found   twelve files and none\n        of them is yours',
  )
})

it('goes further left where a narrow column would be left', () => {
  expect(wrapHanging('  a title of some length  ', 'not begun (optional)', 40)).toBe(
    '  a title of some length  not begun\n    (optional)',
  )
})

it('leaves a long word whole', () => {
  expect(wrapHanging('Run: ', 'x https://notes.example.com/healthz', 24)).toBe(
    'Run: x\n     https://notes.example.com/healthz',
  )
})
