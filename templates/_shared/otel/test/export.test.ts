import { createServer, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { context, propagation, trace } from '@opentelemetry/api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runWithSpan } from '#kit/otel/spans'
import { startTracing } from '#kit/otel/start'
import { collectSpans, getOnlySpan } from '#kit/testing/traced'

interface Received {
  headers: IncomingHttpHeaders
  body: Buffer
  url: string | undefined
}

/** Starts a collector that gives these answers in turn, then 200. */
async function startStubborn(...answers: { status: number; retryAfter?: string }[]) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await buffer(request), url: request.url })
    const { status, retryAfter } = answers.shift() ?? { status: 200 }
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, received }
}

async function send(env: Record<string, string>, names: readonly string[] = ['any']) {
  const told: string[] = []
  await collectSpans(async () => {}) // forgets what earlier tests have set
  const tracing = await startTracing({ env, serviceName: 'test', tell: (line) => told.push(line) })
  for (const name of names) await runWithSpan({ name }, async () => {})
  await tracing.close()
  for (const name of Object.keys(env)) delete process.env[name]
  return told
}

const namesIn = (body: Buffer) => [...String(body).matchAll(/"name":"(span \d)"/g)].map(([, name]) => name)

describe('what has ended', () => {
  it('is sent again when the collector says try later, as late as it says', async () => {
    const { url, received } = await startStubborn({ status: 503 }, { status: 429, retryAfter: '0' })
    expect(await send({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_TIMEOUT: '5000' })).toEqual([])
    expect(received).toHaveLength(3)
    expect(new Set(received.map(({ body }) => String(body))).size).toBe(1)
  })

  it('is not sent again when the collector refuses it, or asks for more time than there is', async () => {
    const refusing = await startStubborn({ status: 400 })
    const told = await send({ OTEL_EXPORTER_OTLP_ENDPOINT: refusing.url })
    expect(told).toEqual(['traces were lost: the collector cannot be reached (status 400)'])
    const busy = await startStubborn({ status: 503, retryAfter: '60' })
    expect(await send({ OTEL_EXPORTER_OTLP_ENDPOINT: busy.url })).toEqual([
      'traces were lost: the collector cannot be reached (status 503)',
    ])
    expect([refusing.received.length, busy.received.length]).toEqual([1, 1])
  })

  it('goes in batches, in order, to the path for traces, with its own headers', async () => {
    const { url, received } = await startStubborn()
    const names = [1, 2, 3, 4, 5].map((number) => `span ${number}`)
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/base/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1, b = two%20words,nonsense',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=3',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
    }
    expect(await send(env, names)).toEqual([])
    expect(received.map(({ body }) => namesIn(body))).toEqual([
      names.slice(0, 2),
      names.slice(2, 4),
      names.slice(4),
    ])
    expect(received[0]).toMatchObject({ url: '/base/v1/traces', headers: { a: '3', b: 'two words' } })
  })

  it('is compressed, and goes to the very address for traces, where the environment says so', async () => {
    const { url, received } = await startStubborn()
    await send({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/here`,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    })
    expect(received[0]).toMatchObject({ url: '/here', headers: { 'content-encoding': 'gzip' } })
    expect(String(gunzipSync(received[0]?.body ?? Buffer.of()))).toContain('"name":"any"')
  })

  it('is lost, and said to be, when it comes faster than it can be kept', async () => {
    const { url, received } = await startStubborn()
    const told = await send({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_MAX_QUEUE_SIZE: '1' }, [
      'a',
      'b',
      'c',
    ])
    expect(told).toEqual(['traces were lost: they came faster than the collector took them'])
    expect(received).toHaveLength(1)
  })
})

describe('a span', () => {
  it('keeps what OpenTelemetry’s API can say of it', async () => {
    const { collector, spans } = await collectSpans(async () => {
      trace.getTracer('mine').startActiveSpan('outer', { root: true }, (span) => {
        span.setAttributes({ text: 'a', whole: 2, part: 0.5, yes: true, list: ['x', 'y'], none: undefined })
        span.addEvent('tick', { n: 1 }).recordException(new RangeError('no'))
        span.addLink({ context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 } })
        span.end()
        span.updateName('too late').setAttribute('text', 'b').end()
      })
    })
    expect(getOnlySpan(spans)).toMatchObject({ name: 'outer', kind: 1, parentSpanId: undefined })
    expect(getOnlySpan(spans).attributes).toEqual({
      text: 'a',
      whole: 2,
      part: 0.5,
      yes: true,
      list: ['x', 'y'],
    })
    expect(collector.bodies.join()).toContain('"scope":{"name":"mine"}')
    for (const part of ['"name":"tick"', 'exception.stacktrace', '"spanId":"bbbbbbbbbbbbbbbb"'])
      expect(collector.bodies.join()).toContain(part)
  })

  it('sends no more of a text than the environment allows', async () => {
    const { spans } = await collectSpans(
      () => runWithSpan({ name: 'a', attributes: { text: 'abcdef' } }, async () => {}),
      {
        OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3',
      },
    )
    expect(getOnlySpan(spans).attributes).toEqual({ text: 'abc' })
  })
})

describe('a trace', () => {
  const get = (headers: Record<string, string>) => propagation.extract(context.active(), headers)
  const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'

  it.each([
    ['parentbased_always_on', '-00', 0],
    ['parentbased_always_off', '-01', 1],
    ['always_on', '-00', 1],
    ['traceidratio', '-01', 0],
    ['unknown', '-00', 1],
  ])('under %s, whose caller has %s, has %d spans', async (sampler, flags, count) => {
    const env = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: '0' }
    const { spans } = await collectSpans(
      () => runWithSpan({ name: 'a', parent: get({ traceparent: `${caller}${flags}` }) }, async () => {}),
      env,
    )
    expect(spans).toHaveLength(count)
  })

  it.each([
    '00-0-1-01',
    `${caller}-01-more`,
    `ff${caller.slice(2)}-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    '',
  ])('starts a new trace if the caller’s header is %j', async (traceparent) => {
    const { spans } = await collectSpans(() =>
      runWithSpan({ name: 'a', parent: get({ traceparent }) }, async () => {}),
    )
    expect(getOnlySpan(spans).parentSpanId).toBeUndefined()
  })

  it('is handed on with its state, sampled or not', async () => {
    const sent: Record<string, string>[] = []
    for (const flags of ['-01', '-00'])
      await collectSpans(() =>
        runWithSpan(
          { name: 'a', parent: get({ traceparent: `${caller}${flags}`, tracestate: 'k=v' }) },
          async () => {
            const carrier: Record<string, string> = {}
            propagation.inject(context.active(), carrier)
            sent.push(carrier)
          },
        ),
      )
    expect(sent).toEqual(
      ['01', '00'].map((flags) => ({
        tracestate: 'k=v',
        traceparent: expect.stringMatching(
          new RegExp(`^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-${flags}$`),
        ),
      })),
    )
  })
})
