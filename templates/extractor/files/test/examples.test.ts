import { generateText, type ModelMessage } from 'ai'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { openLlm } from '#kit/llm/model'
import { type SentRequest, startModelServer } from '#kit/testing/model-server'
import { createRandom, SEED } from '#kit/testing/random'
import type { Example } from '../src/examples.ts'
import { readFields } from '../src/fields.ts'
import { askToFillIn, findExampleProblem, writeExampleTurns } from '../src/prompts.ts'

const root = readFields(z.object({ city: z.string().nullable(), time: z.string().nullable() }))
const said = (words: string) => [{ quote: words, value: words }]

const examples: Example[] = [
  { document: 'Stadt: Kiel\nAbfahrt: neun', answer: { city: said('Kiel'), time: said('neun') } },
  { document: 'Nichts los heute.', answer: { city: [], time: [] } },
]
const wrong: Example = { document: 'Stadt: Kiel', answer: { city: said('Hamburg'), time: [] } }

describe('examples', () => {
  it('are turns of a conversation: the question about a document, then the answer as JSON', () => {
    expect(writeExampleTurns(root, examples.slice(0, 1))).toEqual([
      { role: 'user', content: askToFillIn('Stadt: Kiel\nAbfahrt: neun') },
      { role: 'assistant', content: JSON.stringify({ city: said('Kiel'), time: said('neun') }) },
    ])
  })

  it('come one after another, in their order', () => {
    const turns = writeExampleTurns(root, examples)
    expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
    expect(turns[2]?.content).toContain('Nichts los heute.')
  })

  it('are fine when each value has its words in the document, or only a reader can judge that', () => {
    expect(findExampleProblem(root, examples)).toBeUndefined()
    const mood = readFields(z.object({ mood: z.enum(['good', 'bad']) }))
    const unclear = { document: 'What a day!', answer: { mood: [{ quote: 'What a day!', value: 'good' }] } }
    expect(findExampleProblem(mood, [unclear])).toBeUndefined()
  })

  it('that would teach the model to break the rules are named, with what is wrong, and never sent', () => {
    const problem = 'src/examples.ts: example 3 does not fit the schema: city: '
    expect(findExampleProblem(root, [...examples, wrong])).toContain(problem)
    expect(findExampleProblem(root, [...examples, wrong])).toContain('not in the document: "Hamburg"')
    expect(() => writeExampleTurns(root, [...examples, wrong])).toThrow(problem)
  })

  it('of another schema are named too', () => {
    const other = readFields(z.object({ total: z.number() }))
    expect(findExampleProblem(other, examples)).toContain('example 1 does not fit the schema: total: ')
  })
})

/**
 * What the server answers. It is not a model: it knows no form but that of the examples in the request. For
 * each field it learns the label before the quote, and looks for a line with the same label in the last document.
 */
function imitate({ body }: SentRequest): string {
  const messages = body['messages'] as { role: string; content: string }[]
  const learned = new Map<string, string | undefined>()
  for (const [index, { role, content }] of messages.entries()) {
    if (role !== 'assistant') continue
    const asked = messages[index - 1]?.content.split('\n') ?? []
    const answer = JSON.parse(content) as Record<string, { quote: string }[]>
    for (const [field, [entry]] of Object.entries(answer)) {
      const line = entry && asked.find((one) => one.endsWith(`: ${entry.quote}`))
      learned.set(field, line?.split(': ')[0] ?? learned.get(field))
    }
  }
  if (learned.size === 0) return 'Gladly! In which form?'
  const lines = messages.at(-1)?.content.split('\n') ?? []
  const answer = [...learned].map(([field, label]) => {
    const words = lines.find((line) => line.startsWith(`${label}: `))?.slice(`${label}: `.length)
    return [field, words === undefined ? [] : said(words)]
  })
  return JSON.stringify(Object.fromEntries(answer))
}

describe('a reader that knows only the form of the examples', () => {
  async function openReader() {
    const server = await startModelServer(imitate)
    onTestFinished(server.close)
    const llm = await openLlm({ env: server.env['openai-compatible'], tasks: {} })
    return async (turns: ModelMessage[], document: string) => {
      const messages: ModelMessage[] = [...turns, { role: 'user', content: askToFillIn(document) }]
      return (await generateText({ model: llm.model, messages, maxRetries: 0 })).text
    }
  }

  it('answers in it, and leaves empty what the document does not say', async () => {
    const read = await openReader()
    const turns = writeExampleTurns(root, examples)
    expect(await read([], 'Abfahrt: zehn')).toBe('Gladly! In which form?')
    expect(await read(turns, 'Hallo\nAbfahrt: zehn')).toBe(JSON.stringify({ city: [], time: said('zehn') }))
  })

  it(`learns whatever words your documents use (seed ${SEED})`, async () => {
    const read = await openReader()
    const random = createRandom()
    for (let round = 0; round < 25; round++) {
      const write = (values: readonly string[]) =>
        labels.map((label, index) => `${label}: ${values[index]}`).join('\n')
      const labels = [`Ort ${random.whole(1, 99)}`, `Zeit ${random.whole(1, 99)}`]
      const [city, time] = [`Kiel ${random.whole(100, 999)}`, `Uhr ${random.whole(100, 999)}`]
      const [nextCity, nextTime] = [`Bonn ${random.whole(100, 999)}`, `Tag ${random.whole(100, 999)}`]
      const shown = [{ document: write([city, time]), answer: { city: said(city), time: said(time) } }]
      const answer = await read(writeExampleTurns(root, shown), write([nextCity, nextTime]))
      expect(answer).toBe(JSON.stringify({ city: said(nextCity), time: said(nextTime) }))
    }
  })
})
