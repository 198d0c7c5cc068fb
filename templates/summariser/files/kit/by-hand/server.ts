import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { estimateTokens } from '#kit/llm/tokens'

type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

export interface ServerScript {
  /** Returns the chunks in which a body with these lines is sent. Default: each line is one chunk. */
  cut?: (lines: readonly string[]) => Chunks
  /** Milliseconds before each chunk. Default 0. */
  delayMs?: number
  /** Answers with this status and a message instead. */
  refusal?: { status: number; message: string }
}

/** What `npm run ask` prints about the server. */
export const SERVER_RULE =
  'Not a language model: this server answers with the words of your prompt, last word first.'

/**
 * Starts a server on loopback that streams as OpenAI's chat completions do. It is not a model: it answers with
 * the words of the last message, last word first, and counts tokens by estimate.
 */
export async function startWordServer({ cut = (lines) => lines, delayMs = 0, refusal }: ServerScript = {}) {
  let left = 0
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) left += 1
    })
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    if (refusal !== undefined) response.writeHead(refusal.status).end(refusal.message)
    else await sendChunks(response, cut(writeLines(readLastMessage(text))), delayMs)
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
    url: `http://127.0.0.1:${address.port}/v1`,
    /** How many answers the client left before their end. */
    countLeft: () => left,
    close,
  }
}

async function sendChunks(response: ServerResponse, chunks: Chunks, delayMs: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for await (const chunk of chunks) {
    // Without a turn of the event loop, several chunks would arrive as one.
    await (delayMs > 0 ? setTimeout(delayMs) : setImmediate())
    if (response.destroyed) return
    response.write(chunk)
  }
  response.end()
}

/** The lines of the body, each with the empty line that ends an event. */
function writeLines(prompt: string): string[] {
  const words = prompt.split(/\s+/).filter(Boolean).reverse()
  const pieces = words.map((word, index) => (index === 0 ? word : ` ${word}`))
  const usage = { prompt_tokens: estimateTokens(prompt), completion_tokens: estimateTokens(pieces.join('')) }
  const events = [
    ...pieces.map((content) => ({ choices: [{ delta: { content }, finish_reason: null }] })),
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage },
  ]
  return [...events.map((event) => JSON.stringify(event)), '[DONE]'].map((data) => `data: ${data}\n\n`)
}

/** A body that is no such request has no prompt, and gets an answer without words. */
function readLastMessage(body: string): string {
  try {
    const { messages } = JSON.parse(body) as { messages: { content: unknown }[] }
    return String(messages.at(-1)?.content ?? '')
  } catch {
    return ''
  }
}
