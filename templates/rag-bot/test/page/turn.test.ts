import { describe, expect, it } from 'vitest'
import { readEvent } from '../../../../public/js/contract.js'
import { figuresOf } from '../../../../public/js/figures.js'
import { groupSources, historyOf, MAX_TEXT, startTurn, step } from '../../../../public/js/turn.js'

/** A turn after these events, as they come over the wire. */
function turnAfter(...events: [string, unknown][]) {
  return events.reduce(
    (turn, [event, data]) => {
      const read = readEvent({ event, data: JSON.stringify(data) })
      return read ? step(turn, read) : turn
    },
    startTurn(1, 'How long?'),
  )
}

const sources = [1, 2, 3].map((number) => ({
  number,
  document: `${number}.md`,
  title: 'T',
  headings: [],
  text: 'x',
}))
const citation = {
  index: 0,
  claim: { text: 'Long.', citations: [2], support: 'quoted', missing: [] },
  passages: [],
}
const done = {
  question: 'How long is it?',
  text: 'Long. [2]',
  refused: false,
  citations: [citation],
  unknown: [],
  used: [2],
}

describe('a turn', () => {
  it('goes from searching to writing to done', () => {
    expect(startTurn(1, 'a').status).toBe('searching')
    expect(turnAfter(['sources', { sources }]).status).toBe('searching')
    expect(
      turnAfter(['sources', { sources }], ['delta', { text: 'Lo' }], ['delta', { text: 'ng' }]),
    ).toMatchObject({ status: 'writing', text: 'Long' })
    expect(turnAfter(['delta', { text: 'Lo' }], ['done', done])).toMatchObject({
      status: 'done',
      text: 'Long. [2]',
      understood: 'How long is it?',
    })
  })

  it('keeps what was written when it fails, and hears nothing afterwards', () => {
    const turn = turnAfter(
      ['delta', { text: 'Lo' }],
      ['error', { code: 'timeout', message: 'Too slow' }],
      ['delta', { text: 'ng' }],
      ['done', done],
    )
    expect(turn).toMatchObject({
      status: 'failed',
      text: 'Lo',
      failure: { code: 'timeout', message: 'Too slow', hint: '' },
    })
  })

  it('puts the sources that it rests on first, as early as that is known', () => {
    const numbers = (turn: ReturnType<typeof turnAfter>) => {
      const { used, others } = groupSources(turn)
      return [used, others].map((list) => list.map(({ number }) => number))
    }
    expect(numbers(turnAfter(['sources', { sources }]))).toEqual([[], [1, 2, 3]])
    expect(numbers(turnAfter(['sources', { sources }], ['citation', citation]))).toEqual([[2], [1, 3]])
    expect(numbers(turnAfter(['sources', { sources }], ['done', { ...done, used: [3, 9] }]))).toEqual([
      [3],
      [1, 2],
    ])
    expect(numbers(turnAfter(['sources', { sources }], ['done', { ...done, refused: true }]))).toEqual([
      [],
      [1, 2, 3],
    ])
  })

  it('bounds what it keeps of an endless answer', () => {
    const turn = turnAfter(['delta', { text: 'a'.repeat(MAX_TEXT) }], ['delta', { text: 'b' }])
    expect(turn.isClipped).toBe(true)
    expect(turn.text).toHaveLength(MAX_TEXT)
  })

  it.each([
    ['sources', { sources: [null, 7, { number: 'x', headings: 'y' }], question: {} }],
    ['sources', null],
    ['delta', { text: 5 }],
    ['citation', { claim: null, passages: [null] }],
    ['citation', { claim: { support: '__proto__', citations: ['1', -1, 1e99] }, passages: {} }],
    ['done', []],
    ['done', { usage: { costUsd: 'free' }, timings: { totalMs: null }, used: [null] }],
    ['error', 'no'],
    ['constructor', {}],
    ['toString', {}],
    ['tomorrow', {}],
  ])('survives %s with data outside the contract', (event, data) => {
    expect(typeof turnAfter([event, data]).text).toBe('string')
  })
})

describe('the conversation that is sent along', () => {
  it('has complete turns only, the last four, as they were understood', () => {
    const complete = Array.from({ length: 6 }, () => turnAfter(['done', done]))
    const turns = [...complete, turnAfter(['delta', { text: 'half' }], ['error', {}])]
    expect(historyOf(turns)).toEqual(
      Array.from({ length: 4 }, () => ({ question: 'How long is it?', answer: 'Long. [2]' })),
    )
  })
})

describe('the quiet line', () => {
  const line = (more: object) => {
    const turn = turnAfter(['done', { ...done, provider: 'openai', model: 'scripted', ...more }])
    return turn.done ? figuresOf(turn.done).join(' · ') : ''
  }

  it('says that a price is unknown rather than zero', () => {
    const usage = { calls: 1, inputTokens: 1284, outputTokens: 58, costUsd: null }
    const timings = { retrievalMs: 12.4, firstTokenMs: 412, totalMs: 2210 }
    expect(line({ usage, timings })).toBe(
      'openai · scripted · 1,284 tokens in, 58 out · price unknown · search 12 ms · first word 412 ms · whole 2.2 s',
    )
  })

  it('marks estimates, and shows small prices', () => {
    expect(
      line({ usage: { calls: 1, inputTokens: 9, outputTokens: 1, costUsd: 0.00001234, estimated: true } }),
    ).toBe('openai · scripted · ~9 tokens in, ~1 out · ~$0.0000123')
  })

  it('says when no model was asked', () => {
    expect(line({ usage: { calls: 0 } })).toBe('no model was asked')
  })
})
