import * as z from 'zod/mini'

const initialize = z.looseObject({
  protocolVersion: z.string(),
  serverInfo: z.looseObject({ name: z.string(), version: z.string() }),
})
const tools = z.looseObject({
  tools: z.array(z.looseObject({ name: z.string(), inputSchema: z.record(z.string(), z.unknown()) })),
})
const call = z.looseObject({
  isError: z.optional(z.boolean()),
  content: z._default(z.array(z.looseObject({ type: z.string(), text: z.optional(z.string()) })), []),
})

export function parseInitialize(json: unknown) {
  return z.parse(initialize, json)
}

export function parseTools(json: unknown): string[] {
  return z.parse(tools, json).tools.map(({ name }) => name)
}

export function parseCallResult(json: unknown): { isError: boolean; text: string } {
  const { isError = false, content } = z.parse(call, json)
  return { isError, text: content.map(({ text }) => text ?? '').join(' ') || 'an error without a message' }
}
