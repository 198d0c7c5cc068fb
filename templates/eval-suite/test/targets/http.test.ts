import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpTarget } from '#kit/targets/http'
import { addRetries, measureLatency } from '#kit/targets/open'
import { targetSpec } from '#kit/targets/spec'

const signal = new AbortController().signal
const asked = { input: 'Where is the "key"?', files: [] }

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

async function serve(handler: Handler) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    handler(request, response, body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/ask`
}

function open(spec: Record<string, unknown>, env: Record<string, string> = {}) {
  const parsed = targetSpec.parse({ type: 'http', ...spec })
  if (parsed.type !== 'http') throw new Error('not http')
  return createHttpTarget(parsed, env)
}

describe('a JSON endpoint', () => {
  it('gets the question where the body says so, and its answer is taken from where the spec says', async () => {
    const url = await serve((request, response, body) => {
      const { messages } = JSON.parse(body)
      const text = `${request.headers['authorization']}: ${messages[0].content}`
      response.end(JSON.stringify({ choices: [{ message: { content: text } }] }))
    })
    const body = { messages: [{ role: 'user', content: '{{input}}' }] }
    const headers = { authorization: `Bearer $${'{BOT_TOKEN}'}` }
    const spec = { url, format: 'json', body, headers, answer: 'choices.0.message.content' }
    const target = open(spec, { BOT_TOKEN: 'blue' })
    expect(await target.answer(asked, signal)).toMatchObject({ output: 'Bearer blue: Where is the "key"?' })
    expect(() => open(spec)).toThrow('a header of the target needs BOT_TOKEN')
  })

  it.each([
    ['{"other": 1}', 'the answer has no "answer"'],
    ['{"answer": null}', 'the answer has no "answer"'],
    ['{"answer": "cut', 'JSON'],
    ['{"answer": " "}', 'the answer is empty'],
    ['{"answer": "<think>Lima?</think>"}', 'the answer is empty'],
    ['{"error": "out of memory"}', 'reports an error: out of memory'],
    ['{"answer": "half", "error": {"message": "the upstream closed"}}', 'the upstream closed'],
    ['{"answer": "half", "done_reason": "length"}', 'not whole: it reached its output limit'],
    ['', 'JSON'],
  ])('that says %s gives an error and no answer', async (said, message) => {
    const url = await serve((_request, response) => response.end(said))
    await expect(open({ url, format: 'json' }).answer(asked, signal)).rejects.toThrow(message)
  })

  it('that is busy is asked again, after as long as it says, and no more often than the spec allows', async () => {
    let requests = 0
    const url = await serve((_request, response) => {
      requests++
      if (requests > 2) response.end('{"answer": "here"}')
      else response.writeHead(429, { 'retry-after': '0.05' }).end()
    })
    const target = open({ url, format: 'json' })
    expect(await addRetries(target, 2).answer(asked, signal)).toMatchObject({ output: 'here' })
    requests = 0
    await expect(addRetries(target, 1).answer(asked, signal)).rejects.toThrow('status 429')
    expect(requests).toBe(2)
  })

  it('that refuses a question is not asked again', async () => {
    let requests = 0
    const url = await serve((_request, response) => {
      requests++
      response.writeHead(400).end('no such field')
    })
    const target = addRetries(open({ url, format: 'json' }), 5)
    await expect(target.answer(asked, signal)).rejects.toThrow('status 400: no such field')
    expect(requests).toBe(1)
  })

  it('that is not there is an error that says where', async () => {
    const url = await serve(() => {})
    const gone = url.replace(/:\d+/, ':9')
    await expect(open({ url: gone, format: 'json' }).answer(asked, signal)).rejects.toThrow(
      /cannot be reached: .*ECONNREFUSED|cannot be reached: bad port/,
    )
  })

  it('stops waiting when the run does', async () => {
    const url = await serve(() => {})
    const stop = new AbortController()
    const answering = measureLatency(open({ url, format: 'json' })).answer(asked, stop.signal)
    stop.abort(new Error('enough'))
    await expect(answering).rejects.toThrow('enough')
  })
})

describe('a stream', () => {
  it('is joined from the pieces of its events, however the network cuts them', async () => {
    const events = ['Be', 'hind ', 'the ', 'clöck'].map(
      (text) => `data: ${JSON.stringify({ delta: { text } })}\r\n\r\n`,
    )
    const bytes = Buffer.from(`: hello\r\n\r\n${events.join('')}data: [DONE]\r\n\r\n`)
    for (const size of [1, 2, 7, bytes.length]) {
      const url = await serve((_request, response) => {
        for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size))
        response.end()
      })
      const target = open({ url, format: 'sse', answer: 'delta.text' })
      expect(await target.answer(asked, signal)).toMatchObject({ output: 'Behind the clöck' })
    }
  })

  it.each([
    ['data: {"error":{"message":"the upstream closed","code":502}}', 'the upstream closed'],
    ['event: error\ndata: {"message":"the upstream closed"}', 'the upstream closed'],
    ['data: {"choices":[{"delta":{"content":" a pot"},"finish_reason":"length"}]}', 'output limit (length)'],
    ['data: {"choices":[{"delta":{},"finish_reason":"SAFETY"}]}', 'filtered (SAFETY)'],
  ])('that fails after some text is an error, not half an answer: %s', async (event, message) => {
    const first = 'data: {"choices":[{"delta":{"content":"Under"},"finish_reason":null}]}'
    const url = await serve((_request, response) => response.end(`${first}\n\n${event}\n\ndata: [DONE]\n\n`))
    const target = open({ url, format: 'sse', answer: 'choices.0.delta.content' })
    await expect(target.answer(asked, signal)).rejects.toThrow(message)
  })

  it('with nothing but its end is an error', async () => {
    const url = await serve((_request, response) => response.end('data: [DONE]\n\n'))
    await expect(open({ url, format: 'sse' }).answer(asked, signal)).rejects.toThrow('the answer is empty')
  })

  it('is graded without the thoughts in its text', async () => {
    const pieces = ['<think>In the ', 'shed?</think>\n', 'Under the pot.']
    const events = pieces.map((answer) => `data: ${JSON.stringify({ answer })}\n\n`)
    const url = await serve((_request, response) => response.end(`${events.join('')}data: [DONE]\n\n`))
    expect(await open({ url, format: 'sse' }).answer(asked, signal)).toMatchObject({
      output: 'Under the pot.',
    })
  })

  it('without its end was cut off', async () => {
    const url = await serve((_request, response) => response.end('data: {"answer":"Be"}\n\n'))
    await expect(open({ url, format: 'sse' }).answer(asked, signal)).rejects.toThrow('cut off')
  })
})

describe('ask-sse.v1', () => {
  const sources = {
    schema: 'ask-sse.v1',
    question: '',
    sources: [{ document: 'a.md', text: 'Under the pot.' }],
  }
  const claim = { text: 'It is under the pot.', citations: [1] }
  const usage = { inputTokens: 10, outputTokens: 5, costUsd: null }
  const done = {
    text: 'It is under the pot [1].',
    citations: [{ claim }],
    provider: 'openai',
    model: 'scripted',
    usage,
  }
  const stream = (...events: [string, unknown][]) =>
    events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('')

  it('gives text, sources, citations, cost, and who answered', async () => {
    const url = await serve((_request, response) =>
      response.end(stream(['sources', sources], ['delta', { text: 'It' }], ['done', done])),
    )
    const target = open({ url, format: 'ask-sse.v1' })
    expect(await target.identity(signal)).toEqual({ name: 'openai', model: 'scripted', deterministic: false })
    expect(await target.answer(asked, signal)).toMatchObject({
      output: 'It is under the pot [1].',
      sources: [{ document: 'a.md', text: 'Under the pot.' }],
      citations: [{ claim: 'It is under the pot.', sources: [1] }],
      usage,
    })
  })

  it('is asked again who answers while it is busy', async () => {
    let requests = 0
    const url = await serve((_request, response) => {
      if (++requests > 1) response.end(stream(['sources', sources], ['done', done]))
      else response.writeHead(500, { 'retry-after': '0.05' }).end()
    })
    const target = addRetries(open({ url, format: 'ask-sse.v1' }), 1)
    expect(await target.identity(signal)).toMatchObject({ model: 'scripted' })
    expect(requests).toBe(2)
  })

  it.each(['empty', 'truncated', 'filtered'])(
    'whose model gave an answer of no use (%s) is an empty answer: a weak model fails cases, not the run',
    async (kind) => {
      const error = { code: 'model_failed', message: `The model failed: ${kind}`, id: '1' }
      const url = await serve((_request, response) =>
        response.end(stream(['sources', sources], ['error', error])),
      )
      expect(await open({ url, format: 'ask-sse.v1' }).answer(asked, signal)).toMatchObject({ output: '' })
    },
  )

  it('with an error event, or without done, is an error', async () => {
    const error = { code: 'overloaded', message: 'too many questions', id: '1' }
    const ends: [string, RegExp][] = [
      [stream(['sources', sources], ['delta', { text: 'It' }]), /cut off/],
      [stream(['sources', sources], ['error', error]), /overloaded: too many questions/],
      [stream(['error', { ...error, code: 'model_failed', message: 'The model failed: auth' }]), /auth/],
      [stream(['sources', sources], ['done', done]).trimEnd(), /cut off/],
      [stream(['done', { text: 'no more' }]), /citations/],
    ]
    for (const [text, message] of ends) {
      const url = await serve((_request, response) => response.end(text))
      await expect(open({ url, format: 'ask-sse.v1' }).answer(asked, signal)).rejects.toThrow(message)
    }
  })
})
