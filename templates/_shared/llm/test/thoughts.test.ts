import { generateText } from 'ai'
import { describe, expect, it } from 'vitest'
import { openAt } from '#kit/testing/open-test-llm'
import { ask, converse, readStream } from './ask.ts'
import { completion, delta, ending, reply, startFaultServer, stream } from './fault-server.ts'
import { TEXT } from './servers.ts'

describe('thoughts in the text', () => {
  const written = {
    'think tags': '<think>\nMaybe Lima? No.\n</think>\n\nCusco',
    'think tags twice': '<think>Lima?</think>\n<think>No.</think>Cusco',
    Magistral: '[THINK]Lima? No.[/THINK]Cusco',
    'gpt-oss channels':
      '<|channel|>analysis<|message|>Lima? No.<|end|><|start|>assistant<|channel|>final<|message|>Cusco<|return|>',
  }
  it.each(Object.entries(written))('are not the answer: %s', async (_, text) => {
    const pieces = text.match(/.{1,3}/gs) ?? []
    const server = await startFaultServer(completion(text), stream([...pieces.map(delta), ending('stop')]))
    const llm = await openAt(server.url)
    const result = await generateText({ ...ask, model: llm.model })
    expect(result.text).toBe('Cusco')
    expect(result.reasoningText).toContain('Lima?')
    expect(await readStream(llm)).toBe('Cusco')
  })

  it('alone are no answer', async () => {
    const server = await startFaultServer(completion('<think>Hm. </think>'), completion('<think>Hm.'))
    const llm = await openAt(server.url)
    for (const _ of [1, 2])
      await expect(generateText({ ...ask, model: llm.model })).rejects.toMatchObject({ kind: 'empty' })
  })

  it('that begin without a mark end a stream once; from then on the text waits for the mark', async () => {
    const play = stream([delta('Maybe Lima? No.\n'), delta('</thi'), delta('nk>\n\nCusco'), ending('stop')])
    const llm = await openAt((await startFaultServer(play)).url)
    await expect(readStream(llm)).rejects.toMatchObject({ message: expect.stringContaining('thoughts') })
    expect(await readStream(llm)).toBe('Cusco')
  })

  it.each([
    'Write `</think>` after it.',
    'The </think> tag ends it.',
    '```html\n</think>\n```\nis it.',
    'Use "</think>".',
  ])('are not found where the answer names the mark: %s', async (text) => {
    const server = await startFaultServer(completion(text), stream([delta(text), ending('stop')]))
    const llm = await openAt(server.url)
    expect((await generateText({ ...ask, model: llm.model })).text).toBe(text)
    expect(await readStream(llm)).toBe(text)
  })

  it('are not sent back', async () => {
    const call = { id: 'a', type: 'function', function: { name: 'list_files', arguments: '{}' } }
    const message = { content: '<think>Hm.</think>I look.', tool_calls: [call] }
    const server = await startFaultServer(
      reply(200, JSON.stringify({ choices: [{ message }] })),
      completion(TEXT),
    )
    await converse(await openAt(server.url))
    expect(server.requests[1]?.body).toContain('I look.')
    expect(server.requests[1]?.body).not.toContain('Hm.')
  })
})
