import { generateText } from 'ai'
import { describe, expect, it } from 'vitest'
import { openAt } from '#kit/testing/open-test-llm'
import { ask } from './ask.ts'
import { completion, failure, startFaultServer } from './fault-server.ts'
import { TEXT } from './servers.ts'

describe('a parameter that the server refuses', () => {
  const refuse = (words: string) => failure(400, words)
  it('is left out from then on, with one line about it', async () => {
    const lines: string[] = []
    const server = await startFaultServer(
      refuse("'temperature' does not support 0. Only the default (1) value is supported."),
      completion(TEXT),
    )
    const llm = await openAt(server.url, { announce: (line) => lines.push(line) })
    const asked = { ...ask, temperature: 0, model: llm.model }
    await generateText(asked)
    await generateText(asked)
    expect(server.requests.map(({ body }) => body.includes('temperature'))).toEqual([true, false, false])
    expect(lines.filter((line) => line.includes('refuses temperature'))).toHaveLength(1)
  })

  it.each([
    'temperature must be at most 2',
    'max_tokens is too large: 100. This model supports at most 50 completion tokens.',
    'The reasoning_content must be passed back.',
    'temperature is fine, but the model is overloaded',
  ])('stays when only its value is wrong, or nothing is said against it: %s', async (words) => {
    const server = await startFaultServer(refuse(words))
    const llm = await openAt(server.url)
    await expect(generateText({ ...ask, temperature: 3, model: llm.model })).rejects.toThrow(words)
    expect(server.requests).toHaveLength(1)
  })

  it('is never a limit on the answer: the other name is tried', async () => {
    const server = await startFaultServer(refuse('Unsupported parameter: max_tokens'), completion(TEXT))
    await generateText({ ...ask, model: (await openAt(server.url)).model })
    expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({ max_completion_tokens: 100 })
  })
})
