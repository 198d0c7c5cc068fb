import { generateText, jsonSchema, type ModelMessage, Output, streamText, type ToolSet, tool } from 'ai'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type Llm, openLlm } from '#kit/llm/model'
import { openAt } from '#kit/testing/open-test-llm'
import { completion, delta, ending, event, failure, reply, startFaultServer, stream } from './fault-server.ts'
import { QUIRKS, type Quirk, RETURNED, SERVERS, TEXT } from './servers.ts'

const tools: ToolSet = { list_files: tool({ description: 'Lists files.', inputSchema: z.looseObject({}) }) }
const ask = { prompt: 'What happened?', maxRetries: 0, maxOutputTokens: 100 }
const schema = jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } })

async function readStream(llm: Llm, settings: object = {}): Promise<string> {
  let text = ''
  const { fullStream } = streamText({ ...ask, ...settings, model: llm.model, onError: () => {} })
  for await (const part of fullStream) {
    if (part.type === 'error') throw part.error
    if (part.type === 'text-delta') text += part.text
  }
  return text
}

/** A conversation in which each answer's calls get a result, until there is an answer without. */
async function converse(llm: Llm) {
  const messages: ModelMessage[] = [{ role: 'user', content: 'Look around.' }]
  const calls = []
  for (;;) {
    const { maxRetries, maxOutputTokens } = ask
    const { toolCalls, response, text } = await generateText({
      model: llm.model,
      messages,
      tools,
      maxRetries,
      maxOutputTokens,
    })
    if (toolCalls.length === 0) return { calls, text }
    calls.push(...toolCalls)
    messages.push(...response.messages.filter(({ role }) => role === 'assistant'))
    const output = { type: 'text' as const, value: 'a.txt' }
    const results = toolCalls.map(({ toolCallId, toolName }) => ({
      type: 'tool-result' as const,
      toolCallId,
      toolName,
      output,
    }))
    messages.push({ role: 'tool', content: results })
  }
}

const PASSES: Record<Quirk['about'], (llm: Llm, quirk: Quirk) => Promise<void>> = {
  text: async (llm, { ask: way }) => {
    const whole = async () => (await generateText({ ...ask, model: llm.model })).text
    expect(await (way === 'stream' ? readStream(llm) : whole())).toBe(TEXT)
  },
  tools: async (llm) => {
    const { calls } = await converse(llm)
    expect(calls).toMatchObject([{ toolName: 'list_files', input: expect.any(Object) }])
    expect(calls[0]?.toolCallId).not.toBe('')
  },
  structured: async (llm) => {
    const { output } = await generateText({ ...ask, model: llm.model, output: Output.object({ schema }) })
    expect(output).toEqual({ city: 'Lima' })
  },
  error: async (llm, { ask: way, words = /./ }) => {
    const asking = way === 'stream' ? readStream(llm) : generateText({ ...ask, model: llm.model })
    await expect(asking).rejects.toMatchObject({ name: 'LlmError', message: expect.stringMatching(words) })
  },
}

describe('what servers are reported to send', () => {
  it.each(QUIRKS.map((quirk) => [quirk.about, quirk.servers.join(', '), quirk.name, quirk] as const))(
    'passes %s of %s: %s',
    async (about, _servers, _name, quirk) => {
      const after = about === 'tools' ? [completion(TEXT)] : []
      const server = await startFaultServer(...quirk.plays, ...(quirk.plays.length > 1 ? [] : after))
      await PASSES[about](await openAt(server.url), quirk)
    },
  )

  it.each(RETURNED)('returns $name to $server', async ({ reply: message, wanted }) => {
    const first = reply(200, JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] }))
    const server = await startFaultServer(first, completion(TEXT))
    await converse(await openAt(server.url))
    const sent = JSON.parse(server.requests[1]?.body ?? '')
    expect(sent.messages[1]).toMatchObject(wanted)
  })

  it('is listed with its source; a server without a report is not known', () => {
    const counts = SERVERS.map((server) => {
      const found = [...QUIRKS, ...RETURNED.map((one) => ({ ...one, servers: [one.server] }))]
      const names = found.filter(({ servers }) => (servers as readonly string[]).includes(server))
      const list = names.map(({ name, source, date }) => `${name} (${source}, ${date})`)
      return `${server.padEnd(10)} ${list.join('; ') || 'not known'}`
    })
    console.log(counts.join('\n'))
    for (const { source, date } of [...QUIRKS, ...RETURNED]) {
      expect(source).toMatch(/^[\w.-]+\/[\w.-]+#\d+$/)
      expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
    }
    expect(counts).toHaveLength(14)
  })
})

describe('the end of a stream', () => {
  const cases = {
    MAX_TOKENS: 'truncated',
    model_length: 'truncated',
    SAFETY: 'filtered',
    insufficient_system_resource: 'invalid-response',
    error: 'invalid-response',
  }
  it.each(Object.entries(cases))('named %s is an error of kind %s', async (finish, kind) => {
    const server = await startFaultServer(stream([delta('half an ans'), ending(finish)]))
    await expect(readStream(await openAt(server.url))).rejects.toMatchObject({ kind })
  })

  it('that nothing names is whole only when the server counted it', async () => {
    const counted = event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 6 } })
    const done = 'data: [DONE]\n\n'
    const server = await startFaultServer(stream([delta(TEXT), counted, done]), stream([delta(TEXT), done]))
    const llm = await openAt(server.url)
    expect(await readStream(llm)).toBe(TEXT)
    await expect(readStream(llm)).rejects.toMatchObject({ kind: 'invalid-response' })
  })

  it('that is an error after some text has the words of the server', async () => {
    const failed = event({ error: { message: 'upstream reset', code: 502 } })
    const server = await startFaultServer(stream([delta('The capital '), failed, 'data: [DONE]\n\n']))
    await expect(readStream(await openAt(server.url))).rejects.toMatchObject({
      message: expect.stringContaining('upstream reset'),
      kind: 'server',
    })
  })
})

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

describe('a tool call', () => {
  const called = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: '{}' } })
  const both: ToolSet = { ...tools, read_file: tool({ inputSchema: z.looseObject({}) }) }
  const twins = (id: string) => ({
    role: 'assistant',
    tool_calls: [called(id, 'list_files'), called(id, 'read_file')],
  })

  it.each(['', 'call_0'])('has an id of its own, although the server sent "%s" twice', async (id) => {
    const server = await startFaultServer(
      reply(200, JSON.stringify({ choices: [{ message: twins(id), finish_reason: 'tool_calls' }] })),
    )
    const { model } = await openAt(server.url)
    const { toolCalls } = await generateText({ ...ask, model, tools: both })
    expect(toolCalls.map(({ toolName }) => toolName)).toEqual(['list_files', 'read_file'])
    expect(new Set(toolCalls.map(({ toolCallId }) => toolCallId)).size).toBe(2)
  })

  it('has another id than a call of an earlier answer', async () => {
    const play = reply(
      200,
      JSON.stringify({ choices: [{ message: { tool_calls: [called('call_0', 'list_files')] } }] }),
    )
    const server = await startFaultServer(play, play, completion(TEXT))
    const { calls } = await converse(await openAt(server.url))
    expect(new Set(calls.map(({ toolCallId }) => toolCallId)).size).toBe(2)
  })

  it.each([
    '<tool_call>\n{"name": "list_files", "arguments": {}}\n</tool_call>',
    '{"name": "list_files", "arguments": {}}',
    'I look first.\n```json\n{"name": "list_files", "parameters": {"path": "."}}\n```',
    '[TOOL_CALLS] [{"name": "list_files", "arguments": {}}]',
    '<function=list_files>{}</function>',
  ])('that the model wrote as text is no answer: %s', async (written) => {
    const server = await startFaultServer(completion(written), stream([delta(written), ending('stop')]))
    const llm = await openAt(server.url)
    const problem = { kind: 'written-call', message: expect.stringContaining('as text') }
    await expect(generateText({ ...ask, model: llm.model, tools })).rejects.toMatchObject(problem)
    await expect(readStream(llm, { tools })).rejects.toMatchObject(problem)
  })

  it.each([
    'I called `<tool_call>` list_files once.',
    '{"name": "Lima", "arguments": "none"}',
    'The file list_files.ts has {"name": "x"}',
  ])('that a text only speaks of is an answer: %s', async (written) => {
    const server = await startFaultServer(completion(written))
    const { text } = await generateText({ ...ask, model: (await openAt(server.url)).model, tools })
    expect(text).toBe(written)
  })
})

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

it('takes what a heuristic task says as its answer, also the JSON of a call', async () => {
  const call = '{"name": "list_files", "arguments": {}}'
  const llm = await openLlm({ env: {}, tasks: { say: () => call } })
  const providerOptions = { heuristic: { task: 'say', input: '' } }
  const { text } = await generateText({ ...ask, model: llm.model, tools, providerOptions })
  expect(text).toBe(call)
})
