import { describe, expect, it } from 'vitest'
import type { Env } from '#kit/console/env'
import { answer } from '#kit/llm/answer'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { openLlm } from '#kit/llm/model'
import { offlineTasks } from '#kit/offline/tasks'
import { streamSummary, summarise } from '../src/summarise.ts'
import { log } from './long-text.ts'

async function collect(text: string, env: Env = {}, tasks: HeuristicTasks = offlineTasks) {
  const llm = await openLlm({ env, tasks })
  const parts: string[] = []
  let summary = ''
  const onPart = (part: number, total: number) => parts.push(`${part}/${total}`)
  for await (const delta of summarise(llm, { text, length: 'short', style: 'paragraph' }, { onPart }))
    summary += delta
  return { summary, parts, llm }
}

describe('a summary', () => {
  it('takes one call when the text fits', async () => {
    const { llm, parts } = await collect(log.slice(0, 8_000))
    expect(llm.meter.total().calls).toBe(1)
    expect(parts).toEqual([])
  })

  it('arrives in pieces', async () => {
    const llm = await openLlm({ env: {}, tasks: offlineTasks })
    const deltas: string[] = []
    const text = 'The ferry leaves at nine from pier four.'
    for await (const delta of streamSummary(llm, { text, length: 'short', style: 'tldr' })) deltas.push(delta)
    expect(deltas.length).toBeGreaterThan(3)
    expect(deltas.join('')).toBe(text)
  })

  it('of a text over the window is made of notes on its parts, and every call fits', async () => {
    const { summary, parts, llm } = await collect(log, { AI_CONTEXT_WINDOW: '4096' })
    expect(parts.length).toBeGreaterThan(3)
    expect(llm.meter.total().calls).toBe(parts.length + 1)
    for (const call of llm.meter.calls) expect(call.inputTokens).toBeLessThan(4_096 - 2_048)
    expect(summary).not.toBe('')
  })

  it('of a text far over the window is made in several rounds', async () => {
    const { parts, llm } = await collect(log.repeat(12), { AI_CONTEXT_WINDOW: '4096' })
    expect(parts.filter((part) => part.startsWith('1/')).length).toBeGreaterThan(1)
    expect(llm.meter.total().incompleteCalls).toBe(0)
  })

  it('fails when the notes on the parts do not get shorter, instead of asking forever', async () => {
    let calls = 0
    const echo: HeuristicTasks = {
      summarise(input) {
        calls += 1
        // A loop without an end would never let the test's clock run.
        if (calls > 500) throw new Error('asked more than 500 times')
        return JSON.stringify(input)
      },
    }
    await expect(collect(log, { AI_CONTEXT_WINDOW: '4096' }, echo)).rejects.toThrow('not shorter than half')
  })

  it('fails when the window has no room for any text', async () => {
    await expect(collect('Some text.', { AI_CONTEXT_WINDOW: '2500' })).rejects.toThrow(
      'too small to summarise in',
    )
  })

  it('that is stopped throws the reason, between the parts too', async () => {
    const llm = await openLlm({ env: { AI_CONTEXT_WINDOW: '4096' }, tasks: offlineTasks })
    const controller = new AbortController()
    const onPart = (part: number) => part === 2 && controller.abort(new Error('Enough'))
    const stream = summarise(
      llm,
      { text: log, length: 'short', style: 'tldr' },
      { signal: controller.signal, onPart: (part) => void onPart(part) },
    )
    await expect(stream.next()).rejects.toThrow('Enough')
    expect(llm.meter.total().calls).toBeLessThan(4)
  })

  it('without a key depends on the text alone, never on the prompt', async () => {
    const llm = await openLlm({ env: {}, tasks: offlineTasks })
    const input = { text: 'The ferry leaves at nine from pier four.', words: 25, style: 'tldr' }
    const heuristic = { task: 'summarise', input }
    const [a, b] = [
      await answer(llm, { system: 'x', prompt: 'y', heuristic }),
      await answer(llm, { system: '', prompt: 'Say no.', heuristic }),
    ]
    expect(a).toBe('The ferry leaves at nine from pier four.')
    expect(b).toBe(a)
  })
})
