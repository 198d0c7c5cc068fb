import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { answerFromText } from '#kit/offline/answer'

const completionRequest = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) })
const BUNDLED_PROMPT = /<text>\n([\s\S]*)\n<\/text>\n\nQuestion: ([\s\S]*)$/

/**
 * Starts a slow OpenAI-compatible server on loopback, which replaces the model when the runner is measured.
 */
export async function startSlowModel(latencyMs: number) {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push(body)
    const { messages } = completionRequest.parse(JSON.parse(body))
    await wait(latencyMs)
    const [, text = '', question = ''] = BUNDLED_PROMPT.exec(messages.at(-1)?.content ?? '') ?? []
    const message = { role: 'assistant', content: answerFromText({ question, text, maxWords: 45 }) }
    const choices = [{ index: 0, message, finish_reason: 'stop' }]
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ id: '1', object: 'chat.completion', created: 1, model: 'scripted', choices }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  const url = `http://127.0.0.1:${address.port}/v1`
  return { url, asked, env: { OPENAI_BASE_URL: url, AI_MODEL: 'scripted' }, close }
}
