import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { KEY } from '#kit/testing/open-test-llm'
import {
  breakOff,
  failure,
  hangUp,
  type Play,
  reply,
  silence,
  startFaultServer,
} from '../../llm/test/fault-server.ts'
import { embeds, openAt, vectorOf, vectors } from './open-test-embedder.ts'

/** Opens an embedder with one request that succeeds. The server answers later requests with `plays`. */
async function openBefore(...plays: Play[]) {
  const server = await startFaultServer(embeds, ...plays)
  return { server, embedder: await openAt(server.url) }
}

describe('a request that failed', () => {
  it('waits as long as Retry-After says', async () => {
    const { server, embedder } = await openBefore(failure(429, 'wait', { 'retry-after': '0.3' }), embeds)
    expect(await embedder.embed(['a'])).toEqual([vectorOf('a')])
    const [, first, second] = server.requests
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(300)
  })

  it.each([
    ['a server error', failure(500)],
    ['a broken connection', hangUp],
    ['an answer that breaks off', breakOff],
    [
      'an error that passes in a body of status 200',
      reply(200, '{"error": {"message": "busy", "code": 503}}'),
    ],
  ])('is made again after %s', async (_, play) => {
    const { server, embedder } = await openBefore(play, embeds)
    expect(await embedder.embed(['a'])).toEqual([vectorOf('a')])
    expect(server.requests).toHaveLength(3)
  })

  it('is given up after two retries', async () => {
    const { server, embedder } = await openBefore(failure(503))
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ kind: 'server', status: 503 })
    expect(server.requests).toHaveLength(4)
  })

  it('is given up at the deadline when the server says nothing', async () => {
    const server = await startFaultServer(embeds, silence)
    const embedder = await openAt(server.url, { policy: { totalMs: 100 } })
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ kind: 'timeout' })
    await vi.waitFor(() => expect(server.requests[1]?.hungUpAt).toBeDefined(), { interval: 5 })
  })

  it('ends within 100 ms of an abort, with its reason, and closes the connections', async () => {
    const { server, embedder } = await openBefore(silence)
    const abort = new AbortController()
    const embedding = embedder.embed(new Array(100).fill('text'), abort.signal)
    embedding.catch(() => {})
    await vi.waitFor(() => expect(server.requests).toHaveLength(5), { interval: 5 })
    const abortedAt = performance.now()
    abort.abort(new Error('enough'))
    await expect(embedding).rejects.toThrow('enough')
    expect(performance.now() - abortedAt).toBeLessThan(100)
    const open = () => server.requests.slice(1).filter(({ hungUpAt }) => hungUpAt === undefined)
    await vi.waitFor(() => expect(open()).toEqual([]), { interval: 5 })
    expect(server.requests).toHaveLength(5)
  })

  it('is not made when the signal was aborted before', async () => {
    const { server, embedder } = await openBefore(embeds)
    await expect(embedder.embed(['a'], AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.requests).toHaveLength(1)
    expect(embedder.meter.calls).toHaveLength(1)
  })
})

describe('an answer', () => {
  const bodies = {
    'an HTML page': '<!doctype html><html><body>Welcome</body></html>',
    nothing: '',
    null: 'null',
    'no data': '{"object": "list"}',
    'NaN in a vector': '{"data": [{"embedding": [NaN, 1, 2]}, {"embedding": [1, 2, 3]}]}',
    'null in a vector': '{"data": [{"embedding": [null, 1, 2]}, {"embedding": [1, 2, 3]}]}',
    'an infinite number': '{"data": [{"embedding": [1e999, 1, 2]}, {"embedding": [1, 2, 3]}]}',
    'text in place of a vector': '{"data": [{"embedding": "AACAPw=="}, {"embedding": "AACAPw=="}]}',
  }
  it.each(Object.entries(bodies))('of %s is an error although the status is 200', async (_, body) => {
    const { server, embedder } = await openBefore(reply(200, body))
    await expect(embedder.embed(['a', 'b'])).rejects.toMatchObject({
      name: 'LlmError',
      kind: 'invalid-response',
    })
    expect(server.requests).toHaveLength(2)
    expect(embedder.meter.calls[1]).toMatchObject({ complete: false })
  })

  it('with an error in it is that error', async () => {
    const { embedder } = await openBefore(reply(200, '{"error": {"message": "model is loading"}}'))
    await expect(embedder.embed(['a'])).rejects.toMatchObject({
      message: 'openai-compatible scripted answered with an error: model is loading',
      hint: expect.stringContaining('AI_EMBEDDING_MODEL'),
    })
  })

  it.each([
    ['too few vectors', [[1, 2, 3]], '1 vectors for 2 texts'],
    [
      'too many vectors',
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
      '3 vectors for 2 texts',
    ],
    [
      'other dimensions than before',
      [
        [1, 2],
        [1, 2],
      ],
      'a vector of 2 numbers instead of 3',
    ],
    [
      'other dimensions in one vector',
      [
        [1, 2, 3],
        [1, 2, 3, 4],
      ],
      'a vector of 4 numbers instead of 3',
    ],
    [
      'a vector of zeros',
      [
        [1, 2, 3],
        [0, 0, 0],
      ],
      'a vector of zeros, which is near to nothing',
    ],
  ])('of %s is an error', async (_, embeddings, problem) => {
    const { embedder } = await openBefore(vectors(embeddings))
    await expect(embedder.embed(['a', 'b'])).rejects.toMatchObject({
      kind: 'invalid-response',
      message: `openai-compatible scripted sent ${problem}`,
    })
  })

  it('without a vector does not open an embedder', async () => {
    const server = await startFaultServer(vectors([[]]))
    await expect(openAt(server.url)).rejects.toMatchObject({ kind: 'invalid-response' })
  })
})

describe('the key', () => {
  const echo = `Incorrect API key provided: ${KEY}`
  it.each([
    ['a refusal', failure(401, echo)],
    ['a page', reply(200, `<html>${echo}</html>`)],
    ['an error with status 200', reply(200, JSON.stringify({ error: { message: echo } }))],
    ['an answer of the wrong form', reply(200, JSON.stringify({ data: echo }))],
  ])('is in no trace of an error when the provider repeats it in %s', async (_, play) => {
    const { embedder } = await openBefore(play)
    const error = await embedder.embed(['a']).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'LlmError' })
    expect(`${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`).not.toContain(KEY)
  })

  it('goes to no other address: a redirect is an error', async () => {
    const elsewhere = await startFaultServer(embeds)
    const { embedder } = await openBefore(reply(307, '', { location: elsewhere.url }))
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ kind: 'config', retryable: false })
    expect(elsewhere.requests).toHaveLength(0)
  })
})
