import { generateText, jsonSchema, type ModelMessage, streamText, type ToolSet, tool } from 'ai'
import * as z from 'zod'
import type { Llm } from '#kit/llm/model'

export const tools: ToolSet = {
  list_files: tool({ description: 'Lists files.', inputSchema: z.looseObject({}) }),
}
export const ask = { prompt: 'What happened?', maxRetries: 0, maxOutputTokens: 100 }
export const schema = jsonSchema<{ city: string }>({
  type: 'object',
  properties: { city: { type: 'string' } },
})

export async function readStream(llm: Llm, settings: object = {}): Promise<string> {
  let text = ''
  const { fullStream } = streamText({ ...ask, ...settings, model: llm.model, onError: () => {} })
  for await (const part of fullStream) {
    if (part.type === 'error') throw part.error
    if (part.type === 'text-delta') text += part.text
  }
  return text
}

/** A conversation in which each answer's calls get a result, until there is an answer without. */
export async function converse(llm: Llm) {
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
