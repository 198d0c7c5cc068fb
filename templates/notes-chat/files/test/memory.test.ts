import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openAt } from '#kit/testing/open-test-llm'
import { startScriptedServer } from '#kit/testing/scripted-server'
import { estimateMemory } from '../src/context.ts'
import { type Conversation, startConversation, type Turn } from '../src/conversation.ts'
import { estimateTurn } from '../src/history.ts'
import { compact, countTurnsToFold } from '../src/memory.ts'

const ROOM = 600

/** About as many tokens as there are words, and a few more. */
const makeTurn = (index: number, words = 100): Turn => [
  { role: 'user', content: `Fact ${index} is mine.` },
  { role: 'assistant', content: 'noted '.repeat(words) },
]
const makeTurns = (count: number) => Array.from({ length: count }, (_, index) => makeTurn(index + 1))
const sizeOf = (turns: readonly Turn[]) => turns.map(estimateTurn).reduce((sum, tokens) => sum + tokens, 0)

/**
 * Not a model, but a rule: it answers with every line of the prompt that starts with "- ", as a memory's lines
 * do, and then with a line for what the user said in each turn.
 */
function followRule(prompt: string): string[] {
  const lines = prompt.split('\n')
  const said = lines.filter((line) => line.startsWith('User: ')).map((line) => `- ${line.slice(6)}`)
  return [[...lines.filter((line) => line.startsWith('- ')), ...said].join('\n')]
}

async function openChat(state: Partial<Conversation>, answer = followRule) {
  const server = await startScriptedServer({ answer })
  onTestFinished(server.close)
  const llm = { ...(await openAt(server.env.OPENAI_BASE_URL)), contextWindow: 4_096 }
  const conversation = { ...startConversation(), ...state }
  const said: string[] = []
  return {
    server,
    conversation,
    said,
    chat: { llm, conversation, notify: (line: string) => said.push(line) },
  }
}

describe('the number of turns that must go', () => {
  it('is 0 when memory and turns fit exactly, and not when one token is missing', () => {
    const turns = makeTurns(4)
    const needed = sizeOf(turns) + estimateMemory('- a fact')
    expect(countTurnsToFold('- a fact', turns, needed)).toBe(0)
    expect(countTurnsToFold('- a fact', turns, needed - 1)).toBeGreaterThan(0)
  })

  it('leaves the newest that fit into half of the room, so that the next turn does not fold again', () => {
    const turns = makeTurns(6)
    const room = 2 * sizeOf(turns.slice(-2))
    expect([countTurnsToFold('', turns, room), countTurnsToFold('', turns, room - 2)]).toEqual([4, 5])
  })

  it('leaves a newest turn of more than half the room, if it fits next to the largest memory', () => {
    const turns = [1, 2, 3].map((index) => makeTurn(index, 300))
    const tokens = estimateTurn(makeTurn(3, 300))
    const rooms = [Math.ceil(tokens / 0.64), Math.floor(tokens / 0.67)]
    expect(rooms.map((room) => countTurnsToFold('', turns, room))).toEqual([2, 3])
  })

  it('is the smallest that does this, whatever the sizes', () => {
    const sizes = fc.array(fc.nat(200), { maxLength: 10 })
    fc.assert(
      fc.property(sizes, fc.nat(100), fc.integer({ min: 100, max: 2_000 }), (words, facts, room) => {
        const turns = words.map((count, index) => makeTurn(index, count))
        const memory = Array.from({ length: facts }, (_, index) => `- fact ${index}`).join('\n')
        const fits = (from: number, tokens: number) => sizeOf(turns.slice(from)) <= tokens
        const isNewest = (from: number) =>
          from === turns.length - 1 && fits(from, room - Math.floor(room * 0.35))
        const starts = [...turns.keys(), turns.length]
        const wanted = fits(0, room - estimateMemory(memory))
          ? 0
          : starts.find((from) => fits(from, room * 0.5) || isNewest(from))
        const isEmpty = turns.length === 0
        expect(countTurnsToFold(memory, turns, room)).toBe(isEmpty ? 0 : wanted)
      }),
    )
  })
})

describe('compacting', () => {
  it('asks no model and changes nothing while everything fits', async () => {
    const turns = makeTurns(2)
    const { chat, conversation, server, said } = await openChat({ turns })
    await compact(chat, sizeOf(turns))
    expect({ ...conversation, requests: server.counts.requests, said }).toEqual({
      ...{ turns, folded: 0, memory: '', requests: 0, said: [] },
    })
  })

  it('writes the oldest turns into the memory, keeps all turns, and says so', async () => {
    const turns = makeTurns(6)
    const { chat, conversation, said } = await openChat({ turns })
    await compact(chat, ROOM)
    expect(conversation).toEqual({
      turns,
      folded: 4,
      memory: '- Fact 1 is mine.\n- Fact 2 is mine.\n- Fact 3 is mine.\n- Fact 4 is mine.',
    })
    expect(said).toEqual(['compacted: 4 turns are now a memory of 4 lines'])
  })

  it('adds to the memory there is, and does not fold a turn twice', async () => {
    const { chat, conversation, said } = await openChat({ turns: makeTurns(6), folded: 3, memory: '- Old.' })
    await compact(chat, 300)
    expect(conversation).toMatchObject({
      folded: 5,
      memory: '- Old.\n- Fact 4 is mine.\n- Fact 5 is mine.',
    })
    expect(said).toEqual(['compacted: 5 turns are now a memory of 3 lines'])
  })

  it('says when the model wrote more than fits', async () => {
    const answer = () => ['- a line of the memory\n'.repeat(900)]
    const { chat, said } = await openChat({ turns: makeTurns(6) }, answer)
    await compact(chat, ROOM)
    expect(said).toEqual([
      expect.stringMatching(/^compacted: 4 .*, cut because the model wrote more than fits$/),
    ])
  })

  it('leaves everything as it was when the model fails, says so, and throws what is no failure of the model', async () => {
    const turns = makeTurns(6)
    const { chat, conversation, server, said } = await openChat({ turns })
    const signal = AbortSignal.abort(new Error('Enough'))
    await expect(compact(chat, ROOM, signal)).rejects.toThrow('Enough')
    await server.close()
    await compact(chat, ROOM)
    expect(conversation).toEqual({ turns, folded: 0, memory: '' })
    expect(said).toEqual([expect.stringMatching(/^not compacted \(.+\)/)])
  })
})
