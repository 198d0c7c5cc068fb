import { generateText, Output, stepCountIs, type ToolSet, tool } from 'ai'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Llm } from '#kit/llm/model'
import { openAt } from '#kit/testing/open-test-llm'
import { ask, converse, readStream, schema } from './ask.ts'
import { completion, delta, ending, event, reply, startFaultServer, stream } from './fault-server.ts'
import { QUIRKS, type Quirk, RETURNED, SERVERS, TEXT } from './servers.ts'

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

  it.each(RETURNED)('returns $name to $server after a stream, too', async ({ reply: message, wanted }) => {
    const chunk = (change: object, finish: string | null) =>
      event({ choices: [{ index: 0, delta: change, finish_reason: finish }] })
    const { tool_calls: calls, ...rest } = message
    const pieces = [
      chunk(rest, null),
      chunk({ tool_calls: calls.map((one) => ({ index: 0, ...one })) }, null),
    ]
    const first = stream([...pieces, chunk({}, 'tool_calls'), 'data: [DONE]\n\n'])
    const server = await startFaultServer(first, stream([delta(TEXT), ending('stop')]))
    const done: ToolSet = { list_files: tool({ inputSchema: z.looseObject({}), execute: () => 'a.txt' }) }
    expect(await readStream(await openAt(server.url), { tools: done, stopWhen: stepCountIs(2) })).toBe(TEXT)
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

describe('a server that does not keep to the form of a stream', () => {
  const answered = {
    choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
  }
  const events = `${delta(TEXT)}${ending('stop')}`
  const forms: Record<string, [type: string, body: string]> = {
    'answers as a whole': ['application/json', JSON.stringify(answered)],
    'calls its events JSON': ['application/json', events],
    'names no type': ['', events],
    'ends lines with CR': ['text/event-stream', events.replaceAll('\n', '\r')],
    'leaves out the empty lines': ['text/event-stream', events.replaceAll('\n\n', '\n')],
    'sends lines of JSON': ['application/x-ndjson', events.replaceAll('data: ', '').replace('[DONE]', '')],
    'puts a message where a delta should be': [
      'text/event-stream',
      events.replaceAll('"delta"', '"message"'),
    ],
    'has a byte order mark and no space': [
      'text/event-stream',
      `\ufeff${events.replaceAll('data: ', 'data:')}`,
    ],
  }
  it.each(Object.entries(forms))('and %s is read all the same', async (_, [type, body]) => {
    const server = await startFaultServer((response) => {
      response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(body)
    })
    expect(await readStream(await openAt(server.url))).toBe(TEXT)
  })
})
