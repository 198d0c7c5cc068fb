import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { traceRequests } from '#kit/otel/http'
import { generateWithSpan, runWithSpan } from '#kit/otel/spans'
import { collectSpans, getOnlySpan } from '#kit/testing/traced'

const app = new Hono()
app.use(traceRequests())
app.onError((_, c) => c.text('broken', 500))
app.get('/api/search', (c) => c.json({}))
app.get('/docs/:name', (c) => runWithSpan({ name: 'inner' }, async () => c.text('a page')))
app.get('/healthz', (c) => c.text('ok'))
app.get('/broken', () => {
  throw new RangeError('no')
})
app.post('/api/ask', (c) => c.body(ReadableStream.from(slowly())))
app.get('/static/*', (c) => c.text('a file'))

async function* slowly() {
  yield* generateWithSpan({ name: 'ask' }, async function* () {
    yield new TextEncoder().encode('one')
    await new Promise((resolve) => setTimeout(resolve, 60))
    yield new TextEncoder().encode('two')
  })
}

const get =
  (path: string, headers: Record<string, string> = {}) =>
  async () =>
    (await app.request(path, { headers })).text()

describe('a request', () => {
  it('is a server span named after its route, with the current names, and what it does is below it', async () => {
    const { spans } = await collectSpans(get('/docs/leave'))
    const [inner, server] = spans
    expect(server).toMatchObject({ name: 'GET /docs/:name', kind: 2, status: 0, parentSpanId: undefined })
    expect(server?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/docs/:name',
      'url.path': '/docs/leave',
      'url.scheme': 'http',
    })
    expect(inner?.parentSpanId).toBe(server?.spanId)
  })

  it('continues the trace of its caller', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const { spans } = await collectSpans(get('/api/search', { traceparent }))
    expect(getOnlySpan(spans)).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
    })
  })

  it('keeps its query to itself', async () => {
    const { collector, spans } = await collectSpans(get('/api/search?q=salary'))
    expect(spans).toHaveLength(1)
    expect(collector.bodies.join()).not.toContain('salary')
  })

  it('lasts as long as the stream that answers it', async () => {
    let body = ''
    const { spans } = await collectSpans(async () => {
      body = await (await app.request('/api/ask', { method: 'POST' })).text()
    })
    const server = spans.find(({ name }) => name === 'POST /api/ask')
    const ask = spans.find(({ name }) => name === 'ask')
    expect(body).toBe('onetwo')
    expect(server?.durationMs).toBeGreaterThan(50)
    expect(ask?.parentSpanId).toBe(server?.spanId)
  })

  it('whose reader hangs up is aborted', async () => {
    const { spans } = await collectSpans(async () => {
      const reader = (await app.request('/api/ask', { method: 'POST' })).body?.getReader()
      await reader?.read()
      await reader?.cancel()
    })
    const types = spans.map(({ name, attributes }) => [name, attributes['error.type']])
    expect(types).toContainEqual(['POST /api/ask', 'aborted'])
  })

  it.each([
    ['/broken', { name: 'GET /broken', status: 2, attributes: { 'error.type': 'RangeError' } }],
    ['/nowhere', { name: 'GET', status: 0, attributes: { 'http.response.status_code': 404 } }],
    ['/static/page.js', { name: 'GET', status: 0 }],
  ])('%s', async (path, expected) => {
    const { spans } = await collectSpans(get(path))
    expect(getOnlySpan(spans)).toMatchObject(expected)
  })

  it('of a probe is none', async () => {
    expect((await collectSpans(get('/healthz'))).spans).toEqual([])
  })

  it('is untouched without tracing', async () => {
    expect(await get('/docs/leave')()).toBe('a page')
  })
})
