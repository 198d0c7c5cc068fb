import type { ModelMessage } from 'ai'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Turn } from '../src/conversation.ts'
import { estimateTurn, keepNewestTurns } from '../src/history.ts'

const makeTurn = (question: string, answer = 'Yes.'): Turn => [
  { role: 'user', content: question },
  { role: 'assistant', content: answer },
]
const first = makeTurn('What is first?')
const second = makeTurn('What is second?', 'A long answer. '.repeat(20))
const third = makeTurn('What is third?')
const sizeOf = (...turns: Turn[]) => turns.map(estimateTurn).reduce((sum, tokens) => sum + tokens, 0)

/** The questions of the turns that are kept, so that a failed test shows which they are. */
const keep = (turns: readonly Turn[], room: number) =>
  keepNewestTurns(turns, room).map(([question]) => question?.content)

const LOOK_UP: ModelMessage[] = [
  {
    role: 'assistant',
    content: [{ type: 'tool-call', toolCallId: '1', toolName: 'read_note', input: { name: 'boat.md' } }],
  },
  {
    role: 'tool',
    content: [
      { type: 'tool-result', toolCallId: '1', toolName: 'read_note', output: { type: 'text', value: 'x' } },
    ],
  },
]

describe('the turns that are sent', () => {
  it('are all of them, oldest first, when all fit', () => {
    expect(keep([first, second, third], sizeOf(first, second, third))).toEqual([
      'What is first?',
      'What is second?',
      'What is third?',
    ])
  })

  it('are the newest ones when not all fit: one token less leaves out the oldest', () => {
    expect(keep([first, second, third], sizeOf(first, second, third) - 1)).toEqual([
      'What is second?',
      'What is third?',
    ])
  })

  it('have no gap: an old short turn does not stay when a long one after it has to go', () => {
    expect(keep([first, second, third], sizeOf(first, third))).toEqual(['What is third?'])
  })

  it('are none, and not an older one, when not even the newest fits', () => {
    expect([keep([first, second], sizeOf(second) - 1), keep([first, second], sizeOf(second))]).toEqual([
      [],
      ['What is second?'],
    ])
  })

  it('are whole, with their tool calls and results', () => {
    const turn: Turn = [
      { role: 'user', content: 'Which note?' },
      ...LOOK_UP,
      { role: 'assistant', content: 'It.' },
    ]
    expect(keepNewestTurns([first, turn], estimateTurn(turn))).toEqual([turn])
    expect(keepNewestTurns([turn, first], sizeOf(turn, first) - 1)).toEqual([first])
  })

  it('are as many as fit, whatever the sizes, and the turns that were given are not changed', () => {
    const sizes = fc.array(fc.nat(60), { maxLength: 12 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 400 }), (words, room) => {
        const turns = words.map((count, index) => makeTurn(`What is number ${index}?`, 'word '.repeat(count)))
        const before = structuredClone(turns)
        const starts = [...turns.keys(), turns.length]
        const start = starts.find((from) => sizeOf(...turns.slice(from)) <= room) ?? turns.length
        expect(keep(turns, room)).toEqual(turns.slice(start).map(([question]) => question?.content))
        expect(turns).toEqual(before)
      }),
    )
  })
})
