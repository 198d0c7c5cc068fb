import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import * as z from 'zod'

const offered = z.object({
  name: z.string(),
  description: z.string().optional(),
  parameters: z.unknown(),
})
const body = z.object({
  messages: z.array(
    z.object({ role: z.string(), content: z.unknown(), tool_call_id: z.string().optional() }),
  ),
  tools: z.array(z.object({ function: offered })).default([]),
})
export type Received = z.infer<typeof body>

export interface Reply {
  text?: string
  calls?: { tool: string; input: unknown }[]
  /** Tokens that it says it has used. */
  tokens?: number
}

/**
 * A model of an OpenAI-compatible server on loopback, until the test ends: what it says is a function of what
 * it was sent.
 */
export async function startModel(reply: (request: Received, turn: number) => Reply | Promise<Reply>) {
  const requests: Received[] = []
  const counts = { left: 0 }
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) counts.left += 1
    })
    const received = body.parse(JSON.parse(await text(request)))
    requests.push(received)
    const turn = requests.length
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(completion(await reply(received, turn), turn)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const env = {
    AI_PROVIDER: 'openai-compatible',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    AI_MODEL: 'scripted',
  }
  return { env, requests, counts }
}

function completion({ text = '', calls = [], tokens = 10 }: Reply, turn: number) {
  const tool_calls = calls.map(({ tool, input }, index) => ({
    id: `call-${turn}-${index}`,
    type: 'function',
    function: { name: tool, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
  }))
  const message = { role: 'assistant', content: text, ...(tool_calls.length > 0 && { tool_calls }) }
  const finish_reason = tool_calls.length > 0 ? 'tool_calls' : 'stop'
  const usage = { prompt_tokens: tokens, completion_tokens: 1, total_tokens: tokens + 1 }
  return {
    id: '1',
    object: 'chat.completion',
    created: 1,
    model: 'scripted',
    choices: [{ index: 0, message, finish_reason }],
    usage,
  }
}
