import { describe, expect, it, onTestFinished } from 'vitest'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { openLlm } from '#kit/llm/model'
import { createRandom, SEED } from '#kit/testing/random'
import { type Script, startScriptedServer } from '#kit/testing/scripted-server'
import { buildSummaryPrompt, SYSTEM } from '../src/prompts.ts'
import type { SummaryRequest } from '../src/request.ts'
import { streamSummary } from '../src/summarise.ts'
import { MAX_OUTPUT_TOKENS } from '../src/window.ts'

const request: SummaryRequest = {
  text: 'The ferry leaves at nine from pier four.',
  length: 'short',
  style: 'tldr',
}

/** A server that is not a model: it sends the pieces that a test names. */
async function serve(script: Script) {
  const server = await startScriptedServer(script)
  onTestFinished(server.close)
  return { ...server, llm: await openLlm({ env: server.env, tasks: {}, policy: { maxRetries: 0 } }) }
}

async function collect(deltas: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const delta of deltas) text += delta
  return text
}

describe('the call of the model', () => {
  it('sends the rules as system message, and the prompt as message of the user', async () => {
    const { llm, requests } = await serve({ answer: () => ['At nine.'] })
    expect(await collect(streamSummary(llm, request))).toBe('At nine.')
    expect(requests.map(({ messages }) => messages)).toEqual([
      [
        { role: 'system', content: SYSTEM },
        { role: 'user', content: buildSummaryPrompt(request) },
      ],
    ])
  })

  it('limits the answer', async () => {
    const { llm, requests } = await serve({ answer: () => ['At nine.'] })
    await collect(streamSummary(llm, request))
    expect(requests[0]?.max_tokens).toBe(MAX_OUTPUT_TOKENS)
  })

  it('gives the offline provider, which reads no prompt, the same question as data', async () => {
    const inputs: unknown[] = []
    const tasks: HeuristicTasks = {
      summarise(input) {
        inputs.push(input)
        return 'At nine.'
      },
    }
    const llm = await openLlm({ env: {}, tasks })
    expect(await collect(streamSummary(llm, request))).toBe('At nine.')
    expect(inputs).toEqual([{ ...request, words: 25 }])
  })
})

describe('the answer', () => {
  it('is yielded before the model has written the rest', async () => {
    const { llm, counts } = await serve({ answer: () => ['First ', 'and ', 'last.'], delayMs: 200 })
    const summary = streamSummary(llm, request)
    expect((await summary.next()).value).toBe('First ')
    expect({ finished: counts.finished }).toEqual({ finished: 0 })
    expect(await collect(summary)).toBe('and last.')
  })

  it(`is the model's, whatever pieces it comes in, for the text of each request (seed ${SEED})`, async () => {
    const random = createRandom()
    const answers = Array.from({ length: 15 }, () =>
      Array.from({ length: random.whole(1, 8) }, () =>
        random.pick(['Nine', ' ', 'ferries', '.\n', '渡し', '⛴️']),
      ),
    ).map((pieces) => [...pieces, '.'])
    const { llm, requests } = await serve({ answer: () => answers[requests.length - 1] ?? [] })
    for (const [index, pieces] of answers.entries()) {
      const text = `Document ${index} of ${answers.length}.`
      expect(await collect(streamSummary(llm, { ...request, text }))).toBe(pieces.join(''))
      expect(requests[index]?.messages[1]?.content).toContain(text)
    }
  })

  it('stops when the reader leaves: the model writes no tokens that cost and are not read', async () => {
    const { llm, counts } = await serve({ answer: () => Array(200).fill('word '), delayMs: 10 })
    for await (const delta of streamSummary(llm, request)) {
      expect(delta).toBe('word ')
      break
    }
    await expect.poll(() => counts).toMatchObject({ left: 1, finished: 0 })
  })

  it('stops with the reason of the signal', async () => {
    const { llm } = await serve({ answer: () => Array(200).fill('word '), delayMs: 10 })
    const controller = new AbortController()
    const summary = streamSummary(llm, request, controller.signal)
    expect((await summary.next()).value).toBe('word ')
    controller.abort(new Error('Enough'))
    await expect(collect(summary)).rejects.toThrow('Enough')
  })
})
