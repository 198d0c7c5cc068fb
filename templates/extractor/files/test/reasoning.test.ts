import { describe, expect, it, onTestFinished } from 'vitest'
import { answer } from '#kit/llm/answer'
import { openLlm } from '#kit/llm/model'
import { parseObject } from '#kit/structured/parse-object'
import { startModelServer } from '#kit/testing/model-server'
import { createRandom, SEED } from '#kit/testing/random'
import { askForReasoning, removeReasoning } from '../src/reasoning.ts'

const draft = '{"priority": "high"}'
const final = '{"priority": "low"}'

/**
 * What the server answers. It is not a model: it thinks of a draft first and of the right answer second, and
 * writes each down where the question tells it to: the draft between two tags that the question names, if it
 * names two. It writes the answer alone when the question says nothing after the document, and that is the draft.
 */
function thinkAloud(prompt: string): string {
  const asked = prompt.slice(prompt.lastIndexOf('</document>'))
  const [, tag] = /<(\w+)>[\s\S]*<\/\1>/.exec(asked) ?? []
  return tag === undefined ? draft : `<${tag}>Perhaps ${draft}? No: "high" is a street.</${tag}>\n${final}`
}

describe('asking for reasoning', () => {
  it('keeps the question, and says afterwards between which tags to reason, and what to give then', () => {
    const asked = askForReasoning('What is the priority?')
    expect(asked).toMatch(/^What is the priority\?/)
    expect(asked).toMatch(/<reasoning>[\s\S]*<\/reasoning>[\s\S]*JSON/)
  })

  it('gets a better answer from a reader who needs two tries, and the draft stays out of it', async () => {
    const server = await startModelServer(({ body }) => {
      const [{ content = '' } = {}] = (body['messages'] as { role: string; content: string }[]).slice(-1)
      return thinkAloud(content)
    })
    onTestFinished(server.close)
    const llm = await openLlm({ env: server.env['openai-compatible'], tasks: {} })
    const ask = (prompt: string) => answer(llm, { system: '', prompt, heuristic: { task: '', input: null } })
    const question = '<document>\nHigh Street, no hurry.\n</document>\n\nFill in the fields.'
    expect(parseObject(removeReasoning(await ask(question)))).toEqual({ value: { priority: 'high' } })
    expect(parseObject(removeReasoning(await ask(askForReasoning(question))))).toEqual({
      value: { priority: 'low' },
    })
  })
})

describe('removing reasoning', () => {
  const expectAll = (cases: readonly (readonly [answer: string, rest: string])[]) => {
    for (const [raw, rest] of cases) expect(removeReasoning(raw).trim(), `of ${raw}`).toBe(rest)
  }

  it('returns an answer without any', () => {
    expectAll([
      [final, final],
      [`Here it is: ${final}`, `Here it is: ${final}`],
    ])
  })

  it('takes away what stands between the tags, those that models write unasked too', () => {
    expectAll([
      [`<reasoning>Is it ${draft}?</reasoning>\n${final}`, final],
      [`\n<think>\n${draft}\n</think>\n\n${final}`, final],
      [`<thinking>${draft}</thinking>${final}`, final],
    ])
  })

  it('leaves nothing of reasoning that never ends', () => {
    expectAll([[`<thinking>Perhaps ${draft}`, '']])
  })

  it('takes away reasoning whose opening tag the server has swallowed', () => {
    expectAll([[`Perhaps ${draft}.\n</think>\n${final}`, final]])
  })

  it('does not look for tags in an answer that begins with JSON or a code fence: they are quotes', () => {
    const quoted = '{"a":[{"quote":"</think> is a tag","value":"</think> is a tag"}]}'
    const fenced = '```json\n{"a":"<think>x</think>"}\n```'
    expectAll([
      [quoted, quoted],
      [fenced, fenced],
    ])
  })

  it(`leaves the answer and nothing else, whatever was thought (seed ${SEED})`, () => {
    const random = createRandom()
    for (let round = 0; round < 200; round++) {
      const thoughts = Array.from({ length: random.whole(0, 8) }, () =>
        random.pick([draft, 'Perhaps', '[', '```json', '<b>', '"quoted"', '\n', 'severity', '<reasoning>']),
      ).join(' ')
      const tag = random.pick(['reasoning', 'thinking', 'think'])
      const right = JSON.stringify({ value: random.pick(['x', '</reasoning>', `<${tag}>`, draft]), round })
      const raw = `${random.pick(['', '\n', '  '])}<${tag}>${thoughts}</${tag}>${random.pick(['', '\n\n'])}${right}`
      expect(removeReasoning(raw).trim(), `of ${raw}`).toBe(right)
    }
  })
})
