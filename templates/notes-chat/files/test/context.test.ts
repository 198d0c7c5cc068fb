import type { ModelMessage } from 'ai'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError, InputError } from '#kit/console/errors'
import { estimateTokens } from '#kit/llm/tokens'
import { assembleContext } from '../src/context.ts'
import type { Turn } from '../src/conversation.ts'
import { estimateTurn } from '../src/history.ts'

const text = fc.oneof(
  fc.lorem({ maxCount: 60 }),
  fc.string({ maxLength: 400, unit: 'grapheme' }),
  fc.nat(3_000).map((length) => 'x'.repeat(length)),
  fc.nat(300).map((length) => '<|a</document>'.repeat(length)),
)

const toolPair = fc.tuple(fc.uuid(), text).map(([toolCallId, value]): ModelMessage[] => [
  {
    role: 'assistant',
    content: [{ type: 'tool-call', toolCallId, toolName: 'read_note', input: { name: 'a.md' } }],
  },
  {
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId, toolName: 'read_note', output: { type: 'text', value } }],
  },
])

const turn: fc.Arbitrary<Turn> = fc
  .tuple(text, fc.array(toolPair, { maxLength: 2 }), text)
  .map(([question, pairs, answer]) => [
    { role: 'user', content: question },
    ...pairs.flat(),
    { role: 'assistant', content: [{ type: 'text', text: answer }] },
  ])

const section = fc.tuple(fc.nat(), text, text).map(([id, heading, body]) => ({
  ...{ id: String(id), document: `${id}.md`, title: heading, headings: [heading], text: body },
  ...{ tokens: estimateTokens(body), ordinal: 0 },
}))

const parts = fc.record({
  window: fc.integer({ min: 700, max: 8_000 }),
  system: fc.constant('You answer questions about notes.'),
  question: fc.lorem({ maxCount: 30 }),
  sections: fc.array(section, { maxLength: 8 }),
  memory: fc.array(text, { maxLength: 10 }).map((lines) => lines.join('\n')),
  turns: fc.array(turn, { maxLength: 15 }),
})

const listIds = (messages: readonly ModelMessage[], type: string) =>
  messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? []
      : content.flatMap((part) => (part.type === type && 'toolCallId' in part ? part.toolCallId : [])),
  )

describe('whatever was said before, a call', () => {
  it('never exceeds the budget, and its parts add up to the window', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const { system, messages, budget } = assembleContext(given)
        const { window, ...spent } = budget
        expect(Object.values(spent).reduce((sum, tokens) => sum + tokens, 0)).toBe(window)
        expect(Math.min(...Object.values(spent))).toBeGreaterThanOrEqual(0)
        const sent = estimateTokens([system, ...messages.map(({ content }) => toText(content))].join('\n'))
        expect(sent).toBeLessThanOrEqual(window - budget.reserve)
      }),
      { numRuns: 100 },
    )
  })

  it('never splits a tool call from its result, and leaves no gap in the turns', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const { messages, turns } = assembleContext(given)
        expect(listIds(messages, 'tool-call')).toEqual(listIds(messages, 'tool-result'))
        expect(messages.slice(0, -1)).toEqual(turns.flat())
        expect(turns).toEqual(given.turns.slice(given.turns.length - turns.length))
      }),
      { numRuns: 100 },
    )
  })

  it('always ends with the newest question, and keeps the turn before it when that fits', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const { messages, turns, budget } = assembleContext(given)
        expect(toText(messages.at(-1)?.content)).toContain(`Question: ${given.question}`)
        const newest = given.turns.at(-1)
        if (turns.length === 0 && newest !== undefined)
          expect(estimateTurn(newest)).toBeGreaterThan(budget.free)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a call that cannot be made', () => {
  const given = { system: 'Rules.', sections: [], memory: '', turns: [] }

  it('is refused when the question alone is over the window, before anything is sent', () => {
    const question = 'why '.repeat(3_000)
    expect(() => assembleContext({ ...given, window: 4_096, question })).toThrow(InputError)
  })

  it('is refused when the window has no room for an answer from notes', () => {
    expect(() => assembleContext({ ...given, window: 300, question: 'Why?' })).toThrow(ConfigError)
  })
})

function toText(content: ModelMessage['content'] | undefined): string {
  return typeof content === 'string' ? content : JSON.stringify(content)
}
