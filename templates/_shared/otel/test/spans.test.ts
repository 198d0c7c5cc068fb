import { describe, expect, it } from 'vitest'
import { traceEmbedder } from '#kit/otel/embeddings'
import { generateWithSpan, runWithSpan } from '#kit/otel/spans'
import { startTracing } from '#kit/otel/start'
import { startCollector } from '#kit/testing/collector'
import { collectSpans, getOnlySpan } from '#kit/testing/traced'

const child = (name: string) => runWithSpan({ name }, async () => {})

describe('a generator in a span', () => {
  async function* steps() {
    await child('first')
    yield 1
    await child('second')
    yield 2
  }

  it('has the spans of all its steps below it, and none of its reader', async () => {
    const { spans } = await collectSpans(async () => {
      for await (const step of generateWithSpan({ name: 'steps' }, steps)) await child(`reader ${step}`)
    })
    const parent = spans.find(({ name }) => name === 'steps')
    const below = spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId)
    expect(below.map(({ name }) => name)).toEqual(['first', 'second'])
    expect(parent?.status).toBe(0)
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(3)
  })

  it('keeps two that are read in turns apart', async () => {
    const { spans } = await collectSpans(async () => {
      const both = [1, 2].map((number) => generateWithSpan({ name: `steps ${number}` }, steps))
      for (let round = 0; round < 3; round++) await Promise.all(both.map((each) => each.next()))
    })
    const parents = spans.filter(({ name }) => name.startsWith('steps'))
    for (const { spanId, traceId } of parents) {
      const below = spans.filter(({ parentSpanId }) => parentSpanId === spanId)
      expect(below.map((span) => [span.name, span.traceId])).toEqual([
        ['first', traceId],
        ['second', traceId],
      ])
    }
  })

  it('cleans up and ends when its reader leaves', async () => {
    let cleaned = false
    async function* endless() {
      try {
        for (;;) yield 0
      } finally {
        cleaned = true
      }
    }
    const { spans } = await collectSpans(async () => {
      for await (const _ of generateWithSpan({ name: 'endless' }, endless)) break
    })
    expect([cleaned, getOnlySpan(spans).attributes['error.type']]).toEqual([true, 'aborted'])
  })
})

describe('embeddings', () => {
  const embedder = {
    provider: 'openai',
    modelId: 'small',
    dimensions: 2,
    embed: async (texts: readonly string[]) => texts.map(() => [1, 0]),
  }

  it('are a span without the texts', async () => {
    const { spans, collector } = await collectSpans(() => traceEmbedder(embedder).embed(['a secret text']))
    expect(getOnlySpan(spans)).toMatchObject({
      name: 'embeddings small',
      kind: 3,
      attributes: { 'gen_ai.operation.name': 'embeddings', 'gen_ai.embeddings.dimension.count': 2 },
    })
    expect(collector.bodies.join()).not.toContain('secret')
  })

  it('that fail have the type of the error, and the caller has the error', async () => {
    const embed = async (_: readonly string[]): Promise<number[][]> => {
      throw new RangeError('no')
    }
    const { spans } = await collectSpans(() =>
      expect(traceEmbedder({ ...embedder, embed }).embed(['a'])).rejects.toThrow('no'),
    )
    expect(getOnlySpan(spans)).toMatchObject({ status: 2, attributes: { 'error.type': 'RangeError' } })
  })
})

describe('settings', () => {
  it('of the SDK are honoured, and can stand in .env', async () => {
    const { collector } = await collectSpans(() => child('any'), {
      OTEL_SERVICE_NAME: 'named',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc',
    })
    expect(collector.resource()).toMatchObject({
      'service.name': 'named',
      'deployment.environment.name': 'test',
    })
    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer abc' })
  })

  it.each([
    ['OTEL_SDK_DISABLED', 'true'],
    ['OTEL_TRACES_EXPORTER', 'none'],
    ['OTEL_TRACES_SAMPLER', 'always_off'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'no url'],
  ])('%s=%s sends nothing', async (name, value) => {
    const { spans, told } = await collectSpans(() => child('any'), { [name]: value })
    expect(spans).toEqual([])
    expect(told).toHaveLength(value === 'no url' ? 1 : 0)
  })
})

describe('a collector', () => {
  async function close(endpoint: string) {
    const told: string[] = []
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
    await collectSpans(async () => {}) // forgets what earlier tests have set
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
    const tracing = await startTracing({ env, serviceName: 'test', tell: (line) => told.push(line) })
    await child('any')
    const start = performance.now()
    await tracing.close()
    return { told, ms: performance.now() - start }
  }

  it('that is down is told once, and waited for two seconds at most', async () => {
    const { told, ms } = await close('http://127.0.0.1:9')
    expect(told).toEqual([
      expect.stringMatching(/^traces were lost: the collector cannot be reached \(.+\)$/),
    ])
    expect(ms).toBeLessThan(2_500)
  })

  it('that never answers, too', async () => {
    const { told, ms } = await close((await startCollector('silence')).url)
    expect(told).toEqual([expect.stringMatching(/^traces were lost/)])
    expect(ms).toBeLessThan(2_500)
  })
})
