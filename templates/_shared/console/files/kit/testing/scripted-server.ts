import { once } from 'node:events'
import { createServer } from 'node:http'

export interface Script {
  /**
   * Returns the pieces in which the answer to a prompt is sent.
   * A promise delays the first piece until it resolves.
   */
  answer: (prompt: string) => readonly string[] | Promise<readonly string[]>
  /** Milliseconds before every piece except the first. Default 0. */
  delayMs?: number
}

/** The fields of a chat request that tests inspect. */
export interface ChatRequest {
  messages: { role: string; content: string }[]
  stream?: boolean
  max_tokens?: number
}

/**
 * Starts an OpenAI-compatible server on loopback. `counts.finished` counts answers that were sent completely,
 * `counts.left` clients that disconnected earlier.
 */
export async function startScriptedServer({ answer, delayMs = 0 }: Script) {
  const counts = { requests: 0, finished: 0, left: 0 }
  const requests: ChatRequest[] = []
  const server = createServer(async (request, response) => {
    counts.requests += 1
    let gone = false
    response.on('close', () => {
      gone = !response.writableFinished
      if (gone) counts.left += 1
    })
    let body = ''
    for await (const chunk of request) body += chunk
    requests.push(JSON.parse(body))
    const pieces = await answer(readUserPrompt(body))
    if (!JSON.parse(body).stream) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(renderCompletion(pieces.join('')))
      counts.finished += 1
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (delta: object, finish: string | null) =>
      response.write(
        `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'scripted', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
      )
    for (const [index, content] of pieces.entries()) {
      if (index > 0 && delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
      if (gone) return
      send({ content }, null)
    }
    send({}, 'stop')
    response.end('data: [DONE]\n\n')
    counts.finished += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return {
    env: { OPENAI_BASE_URL: `http://127.0.0.1:${address.port}/v1`, AI_MODEL: 'scripted' },
    counts,
    /** The bodies of all requests, in order of arrival. */
    requests,
    close,
  }
}

function renderCompletion(content: string): string {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
  return JSON.stringify({ id: '1', object: 'chat.completion', created: 1, model: 'scripted', choices })
}

function readUserPrompt(body: string): string {
  const { messages } = JSON.parse(body) as { messages: { role: string; content: string }[] }
  return messages.find(({ role }) => role === 'user')?.content ?? ''
}
