import { generateText, type ToolSet, tool } from 'ai'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openLlm } from '#kit/llm/model'
import { openAt } from '#kit/testing/open-test-llm'
import { ask, converse, readStream, tools } from './ask.ts'
import { completion, delta, ending, reply, startFaultServer, stream } from './fault-server.ts'
import { TEXT } from './servers.ts'

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

it('takes what a heuristic task says as its answer, also the JSON of a call', async () => {
  const call = '{"name": "list_files", "arguments": {}}'
  const llm = await openLlm({ env: {}, tasks: { say: () => call } })
  const providerOptions = { heuristic: { task: 'say', input: '' } }
  const { text } = await generateText({ ...ask, model: llm.model, tools, providerOptions })
  expect(text).toBe(call)
})
