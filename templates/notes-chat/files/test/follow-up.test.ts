import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPreviousQuestion } from '../src/search.ts'

const toTurns = (...said: string[]) =>
  said.map((content) => [
    { role: 'user' as const, content },
    { role: 'assistant' as const, content: 'That is in the notes.' },
  ])

const COMPLETE = ['Who painted the keel?', 'Where does the roof leak?', 'Which vendor delivers the sails?']
const FOLLOW_UPS = ['When was that done?', 'Why?', 'And how long is it?', 'What did I tell her about winter?']
const STATEMENTS = ['I am the owner.', 'We call the new project Heron.']

describe('a question', () => {
  it('that has enough words of its own follows up on nothing', () => {
    expect(COMPLETE.map((question) => findPreviousQuestion(question, toTurns('Is the mast new?')))).toEqual([
      '',
      '',
      '',
    ])
  })

  it('that points back follows up on the question before it', () => {
    expect(findPreviousQuestion('When was that done to the keel?', toTurns('Who painted the keel?'))).toBe(
      'Who painted the keel?',
    )
  })

  it('that is too short to search with follows up as well', () => {
    expect(findPreviousQuestion('Why?', toTurns('Who painted the keel?'))).toBe('Who painted the keel?')
  })

  it('follows up on the newest question, and what the user only stated is none', () => {
    const turns = toTurns('Is the mast new?', 'Who painted the keel?', 'I am the owner.')
    expect(findPreviousQuestion('When was that?', turns)).toBe('Who painted the keel?')
  })

  it('follows up on nothing at the start of a conversation, or after statements alone', () => {
    const found = [[], toTurns('I am the owner.')].map((turns) => findPreviousQuestion('Why?', turns))
    expect([...found, findPreviousQuestion('Why?', toTurns('Is the mast new?'))]).toEqual([
      '',
      '',
      'Is the mast new?',
    ])
  })

  it('is told apart in every order of questions and statements', () => {
    const said = fc.constantFrom(...COMPLETE, ...STATEMENTS)
    fc.assert(
      fc.property(fc.constantFrom(...COMPLETE, ...FOLLOW_UPS), fc.array(said), (question, before) => {
        const newest = before.filter((text) => COMPLETE.includes(text)).at(-1) ?? ''
        const wanted = FOLLOW_UPS.includes(question) ? newest : ''
        expect(findPreviousQuestion(question, toTurns(...before))).toBe(wanted)
      }),
    )
  })
})
