import { expect, it } from 'vitest'
import { findSimilarNames } from '#kit/mcp/similar-names'

it('finds the note when the name lacks its folder and a letter', () => {
  expect(findSimilarNames('on-cal', ['team/on-call.md', 'lunch.md'])).toEqual(['team/on-call.md'])
})

it('finds none for a name that is like no other', () => {
  expect(findSimilarNames('zzz', ['team/on-call.md', 'lunch.md'])).toEqual([])
})
