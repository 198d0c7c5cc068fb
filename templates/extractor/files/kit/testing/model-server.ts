import { once } from 'node:events'
import { createServer } from 'node:http'

/** What a test answers to a request: a text, or an HTTP status with a message. */
export type Reply = string | { status: number; message: string }

export interface SentRequest {
  path: string
  body: Record<string, unknown>
  /** The whole body as text, for what is somewhere in it. */
  raw: string
}

/**
 * A model server on loopback that speaks the three wire formats, without streaming, and keeps what it was
 * sent.
 */
export async function startModelServer(
  reply: (request: SentRequest, index: number) => Reply | Promise<Reply>,
) {
  const requests: SentRequest[] = []
  const server = createServer(async (incoming, response) => {
    let raw = ''
    for await (const chunk of incoming) raw += chunk
    const request = { path: incoming.url ?? '', body: JSON.parse(raw), raw }
    requests.push(request)
    const answer = await reply(request, requests.length - 1)
    const [status, body] =
      typeof answer === 'string'
        ? [200, WIRE[request.path.split('/').at(-1) ?? '']?.(answer)]
        : [answer.status, { error: { message: answer.message } }]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  const url = `http://127.0.0.1:${address.port}/v1`
  const env = {
    anthropic: { ANTHROPIC_API_KEY: 'scripted-key', ANTHROPIC_BASE_URL: url },
    openai: { AI_PROVIDER: 'openai', OPENAI_API_KEY: 'scripted-key', OPENAI_BASE_URL: url },
    'openai-compatible': { OPENAI_BASE_URL: url, AI_MODEL: 'scripted' },
  }
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { env, requests, close }
}

const WIRE: Record<string, (text: string) => object> = {
  completions: (content) => ({
    id: '1',
    object: 'chat.completion',
    created: 1,
    model: 'scripted',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  }),
  messages: (text) => ({
    id: '1',
    type: 'message',
    role: 'assistant',
    model: 'scripted',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 10 },
  }),
  responses: (text) => ({
    id: '1',
    object: 'response',
    created_at: 1,
    model: 'scripted',
    status: 'completed',
    output: [
      {
        id: '2',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: { input_tokens: 100, output_tokens: 10, total_tokens: 110 },
  }),
}
