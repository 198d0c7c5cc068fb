import { describe, expect, it, onTestFinished } from 'vitest'
import type { Env } from '#kit/console/env'
import { answer } from '#kit/llm/answer'
import { openLlm } from '#kit/llm/model'
import { offlineTasks } from '#kit/offline/tasks'
import { startScriptedServer } from '#kit/testing/scripted-server'
import { summarise } from '../src/summarise.ts'
import { log } from './long-text.ts'

async function collect(text: string, env: Env = {}) {
  const llm = await openLlm({ env, tasks: offlineTasks })
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

  it('of a text over the window is made of notes on its parts, and every call fits', async () => {
    const { summary, parts, llm } = await collect(log, { AI_CONTEXT_WINDOW: '4096' })
    expect(parts.length).toBeGreaterThan(3)
    expect(llm.meter.total().calls).toBe(parts.length + 1)
    for (const call of llm.meter.calls) expect(call.inputTokens).toBeLessThan(4_096 - 2_048)
    expect(summary).not.toBe('')
  })

  it('is asked for with the notes on all parts, once they are there', async () => {
    const server = await startScriptedServer({ answer: () => ['Nine ', 'ferries.'] })
    onTestFinished(server.close)
    const { summary, parts } = await collect(log, { ...server.env, AI_CONTEXT_WINDOW: '4096' })
    expect(summary).toBe('Nine ferries.')
    const prompts = server.requests.map(({ messages }) => messages[1]?.content)
    expect(prompts).toHaveLength(parts.length + 1)
    const notes = parts.map(() => 'Nine ferries.').join('\n\n')
    expect(prompts.at(-1)).toContain(`<document>\n${notes}\n</document>`)
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
