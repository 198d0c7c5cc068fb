import type { ModelMessage } from 'ai'
import { describe, expect, it } from 'vitest'
import { conversationSchema, startConversation, toExchange } from '../src/conversation.ts'

const question: ModelMessage = { role: 'user', content: 'When was the keel painted?' }
const call: ModelMessage = {
  role: 'assistant',
  content: [
    { type: 'text', text: 'I read the note.' },
    { type: 'tool-call', toolCallId: '1', toolName: 'read_note', input: { name: 'boat.md' } },
  ],
}
const result: ModelMessage = {
  role: 'tool',
  content: [
    { type: 'tool-result', toolCallId: '1', toolName: 'read_note', output: { type: 'text', value: 'x' } },
  ],
}
const answer: ModelMessage = { role: 'assistant', content: 'In 2019.' }

describe('a saved conversation', () => {
  it('may hold tool calls with their results', () => {
    const conversation = { turns: [[question, call, result, answer]], folded: 1, memory: '- a line' }
    expect(conversationSchema.parse(conversation)).toEqual(conversation)
    expect(conversationSchema.parse(startConversation())).toEqual(startConversation())
  })

  it.each([
    ['a call without its result', [question, call, answer], 0],
    ['a result without its call', [question, result, answer], 0],
    ['a turn that does not start with the user', [answer], 0],
    ['a memory of more turns than there are', [question, answer], 2],
  ])('is refused with %s', (_, turn, folded) => {
    expect(conversationSchema.safeParse({ turns: [turn], folded, memory: '' }).success).toBe(false)
  })
})

it('a turn as plain text has the words of both sides, without tool calls and results', () => {
  expect(toExchange([question, call, result, answer])).toEqual({
    question: 'When was the keel painted?',
    answer: 'I read the note.\nIn 2019.',
  })
})
