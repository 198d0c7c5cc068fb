import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** Plays one request. It may leave the response open: the response is destroyed when the test ends. */
export type Play = (response: ServerResponse, received: ReceivedRequest) => void | Promise<void>

export interface ReceivedRequest {
  path: string
  headers: IncomingMessage['headers']
  body: string
  /** Monotonic milliseconds. */
  at: number
  /** Monotonic milliseconds; set once the client hung up before the response was complete. */
  hungUpAt?: number
}

export interface FaultServer {
  /** Base URL, with /v1. */
  url: string
  requests: ReceivedRequest[]
}

/** Starts a provider on loopback that plays `plays` in order, one per request; the last one repeats. */
export async function startFaultServer(...plays: Play[]): Promise<FaultServer> {
  const requests: ReceivedRequest[] = []
  const server = createServer(async (request, response) => {
    const received: ReceivedRequest = {
      path: request.url ?? '',
      headers: request.headers,
      at: performance.now(),
      body: await text(request),
    }
    const play = plays[Math.min(requests.push(received), plays.length) - 1]
    response.on('close', () => {
      if (!response.writableFinished) received.hungUpAt = performance.now()
    })
    response.on('error', () => {})
    await play?.(response, received)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { url: `http://127.0.0.1:${address.port}/v1`, requests }
}

export const reply =
  (status: number, body: string, headers: Record<string, string> = {}): Play =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }

export const failure = (status: number, message = 'no', headers: Record<string, string> = {}): Play =>
  reply(status, JSON.stringify({ error: { message, type: 'x', code: null } }), headers)

/** A whole answer in the chat completions format. */
export const completion = (content: string, finish = 'stop'): Play =>
  reply(
    200,
    JSON.stringify({
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'scripted',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    }),
  )

export const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`

export const delta = (content: string): string =>
  event({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'scripted',
    choices: [{ index: 0, delta: { content } }],
  })

export const ending = (finish: string): string =>
  event({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'scripted',
    choices: [{ index: 0, delta: {}, finish_reason: finish }],
  }) +
  event({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'scripted',
    choices: [],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  }) +
  'data: [DONE]\n\n'

/** Server-sent events, one by one. A number is a pause in milliseconds. `then`: how the stream ends. */
export const stream =
  (pieces: readonly (string | Uint8Array | number)[], then: 'end' | 'reset' | 'stall' = 'end'): Play =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    for (const piece of pieces) {
      if (typeof piece === 'number') await sleep(piece)
      else await new Promise((written) => response.write(piece, written))
    }
    if (then === 'end') response.end()
    if (then === 'reset') response.destroy()
  }

export const streamed = (content: string, finish = 'stop'): Play => stream([delta(content), ending(finish)])

/** Accepts the request and never answers. */
export const silence: Play = () => {}

export const hangUp: Play = (response) => {
  response.destroy()
}

/** Begins a whole answer, then hangs up. */
export const breakOff: Play = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"object": "list", "data": [', () => response.destroy())
}
