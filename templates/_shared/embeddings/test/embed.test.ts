import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { openEmbedder } from '#kit/embeddings/open'
import { KEY } from '#kit/testing/open-test-llm'
import { failure, type Play, reply, startFaultServer } from '../../llm/test/fault-server.ts'
import { embeds, hashed, inputOf, openAt, vectorOf, vectors } from './open-test-embedder.ts'

describe('a request', () => {
  it.each(['openai', 'openai-compatible'])('is what the API expects (%s)', async (AI_PROVIDER) => {
    const server = await startFaultServer(embeds)
    const env = {
      AI_PROVIDER,
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: server.url,
      AI_EMBEDDING_MODEL: 'scripted',
    }
    const embedder = await openEmbedder({ env, hashed })
    expect(await embedder.embed(['one', 'two and more'])).toEqual(['one', 'two and more'].map(vectorOf))
    const [, request] = server.requests
    expect(request).toMatchObject({ path: '/v1/embeddings', headers: { authorization: `Bearer ${KEY}` } })
    expect(JSON.parse(request?.body ?? '')).toEqual({
      model: 'scripted',
      input: ['one', 'two and more'],
      encoding_format: 'float',
    })
  })

  it('is answered in any order: the index says which text a vector belongs to', async () => {
    const data = [2, 0, 1].map((index) => ({ object: 'embedding', index, embedding: [index, 1, 1] }))
    const server = await startFaultServer(embeds, reply(200, JSON.stringify({ object: 'list', data })))
    const embedder = await openAt(server.url)
    expect((await embedder.embed(['a', 'b', 'c'])).map(([index]) => index)).toEqual([0, 1, 2])
  })

  it('is not made for no texts', async () => {
    const server = await startFaultServer(embeds)
    const embedder = await openAt(server.url)
    expect(await embedder.embed([])).toEqual([])
    expect(server.requests).toHaveLength(1)
  })
})

describe('many texts', () => {
  const texts = Array.from({ length: 300 }, (_, at) => 'x'.repeat(at + 1))

  it('go in several requests, four at a time, and come back in order', async () => {
    let running = 0
    let most = 0
    const busy: Play = async (response, received) => {
      most = Math.max(most, ++running)
      await sleep(10)
      running--
      return embeds(response, received)
    }
    const server = await startFaultServer(busy)
    const embedder = await openAt(server.url)
    expect(await embedder.embed(texts)).toEqual(texts.map(vectorOf))
    const sizes = server.requests.slice(1).map((request) => inputOf(request).length)
    expect(sizes.sort((a, b) => b - a)).toEqual([32, 32, 32, 32, 32, 32, 32, 32, 32, 12])
    expect(most).toBe(4)
  })

  it('stop together at the first failure: requests under way are closed, and no more are made', async () => {
    const refuses: Play = async (response, received) => {
      if (inputOf(received)[0]?.length !== 33) return
      await sleep(50) // so that the others are under way
      failure(401)(response, received)
    }
    const server = await startFaultServer(embeds, refuses)
    const embedder = await openAt(server.url)
    await expect(embedder.embed(texts)).rejects.toMatchObject({ kind: 'auth' })
    expect(server.requests).toHaveLength(5)
    const closed = () => server.requests.filter(({ hungUpAt }) => hungUpAt !== undefined)
    await vi.waitFor(() => expect(closed()).toHaveLength(3), { interval: 5 })
    expect(server.requests).toHaveLength(5)
  })
})

describe('a text', () => {
  it('that is longer than the model reads is cut to its beginning', async () => {
    const server = await startFaultServer(embeds)
    const embedder = await openAt(server.url)
    await embedder.embed(['word '.repeat(5_000), 'short'])
    const [long = '', short] = inputOf(server.requests[1] ?? { body: '' })
    expect(embedder.maxInputTokens).toBe(512)
    expect(long.length).toBeGreaterThan(2_000)
    expect(long.length).toBeLessThan(2_600)
    expect(short).toBe('short')
  })

  it('that the server still finds too long is halved, and its neighbours are not', async () => {
    const strict: Play = (response, received) => {
      const long = inputOf(received).some((text) => text.length > 100)
      const problem = "This model's maximum context length is 100 tokens, however you requested more."
      return (long ? failure(400, problem) : embeds)(response, received)
    }
    const server = await startFaultServer(embeds, strict)
    const embedder = await openAt(server.url)
    const texts = ['a'.repeat(100), 'b'.repeat(90), 'c'.repeat(300), 'd'.repeat(80)]
    expect(await embedder.embed(texts)).toEqual(
      texts.map((text) => vectorOf(text.length > 100 ? 'c'.repeat(75) : text)),
    )
  })

  it('is never cut inside a character', async () => {
    const strict: Play = (response, received) => {
      const long = inputOf(received).some((text) => text.length > 100)
      return (long ? failure(413, 'input is too large') : embeds)(response, received)
    }
    const server = await startFaultServer(embeds, strict)
    await (await openAt(server.url)).embed(['🙂'.repeat(2_001), '𠮷'.repeat(201)])
    // Half a character does not survive UTF-8.
    const sent = server.requests.flatMap(inputOf)
    expect(sent.map((text) => Buffer.from(text).toString())).toEqual(sent)
    expect(sent.length).toBeGreaterThan(8)
  })

  it('that is refused for another reason is sent once', async () => {
    const server = await startFaultServer(embeds, failure(400, 'no such model'))
    await expect((await openAt(server.url)).embed(['a'.repeat(1_000), 'b'])).rejects.toMatchObject({
      kind: 'bad-request',
      hint: expect.stringContaining('AI_EMBEDDING_MODEL'),
    })
    expect(server.requests).toHaveLength(2)
  })

  it('that is blank is an error before anything is sent', async () => {
    const server = await startFaultServer(embeds)
    const embedder = await openAt(server.url)
    await expect(embedder.embed(['a', ' \n'])).rejects.toMatchObject({
      kind: 'bad-request',
      message: 'text 2 of 2 is blank: there is nothing to embed',
    })
    expect(server.requests).toHaveLength(1)
  })
})

describe('the meter', () => {
  it('counts the tokens that the provider reports, and their price', async () => {
    const server = await startFaultServer(vectors([new Array(1536).fill(0.1)], 500_000))
    const env = { AI_PROVIDER: 'openai', OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.url }
    const embedder = await openEmbedder({ env, hashed })
    await embedder.embed(['a'])
    expect(embedder.meter.calls).toMatchObject([
      {
        model: 'text-embedding-3-small',
        inputTokens: 500_000,
        costUsd: 0.01,
        complete: true,
        estimated: false,
      },
    ])
  })

  it.each([undefined, 0])(
    'estimates them where it reports %s, and does not guess a price',
    async (tokens) => {
      const server = await startFaultServer(vectors([[1, 2, 3]], tokens))
      const embedder = await openAt(server.url)
      await embedder.embed(['one two three'])
      expect(embedder.meter.calls[1]).toMatchObject({ inputTokens: 3, costUsd: null, estimated: true })
    },
  )

  it('charges nothing for a request that was refused', async () => {
    const server = await startFaultServer(embeds, failure(401))
    const embedder = await openAt(server.url)
    await expect(embedder.embed(['a'])).rejects.toThrow()
    expect(embedder.meter.calls[1]).toMatchObject({ inputTokens: 0, costUsd: 0, complete: false })
  })
})

describe('a cost ceiling', () => {
  const openPriced = async (maxCostUsd: number) => {
    const server = await startFaultServer(vectors([new Array(1536).fill(0.1)], 100_000))
    const env = { AI_PROVIDER: 'openai', OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.url }
    return { server, embedder: await openEmbedder({ env, hashed, maxCostUsd }) }
  }

  it('refuses texts that together could pass it, before any is sent', async () => {
    const { server, embedder } = await openPriced(0.001)
    const texts = Array.from({ length: 100 }, () => 'word '.repeat(1_000))
    await expect(embedder.embed(texts)).rejects.toMatchObject({
      kind: 'cost',
      hint: expect.stringContaining('less'),
    })
    expect(server.requests).toHaveLength(0)
  })

  it('counts what was spent', async () => {
    const { server, embedder } = await openPriced(0.002)
    await embedder.embed(['a'])
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ kind: 'cost' })
    expect(server.requests).toHaveLength(1)
  })

  it('refuses a model of unknown price even to be opened', async () => {
    const server = await startFaultServer(embeds)
    await expect(openAt(server.url, { maxCostUsd: 100 })).rejects.toMatchObject({ kind: 'cost' })
    expect(server.requests).toHaveLength(0)
  })

  it('never stands in the way of the hashed vector', async () => {
    const embedder = await openEmbedder({ env: {}, hashed, maxCostUsd: 0 })
    expect(await embedder.embed(['a'])).toHaveLength(1)
  })
})

describe('the hashed vector', () => {
  it('is the same for the same text, costs nothing, and says that its tokens are estimates', async () => {
    const embedder = await openEmbedder({ env: {}, hashed })
    const texts = ['one two', 'three', 'one two']
    expect(await embedder.embed(texts)).toEqual(texts.map(hashed))
    expect(embedder.meter.total()).toMatchObject({ calls: 1, costUsd: 0, estimated: true })
  })

  it('stops between two texts', async () => {
    const abort = new AbortController()
    let made = 0
    const counting = (text: string) => {
      if (++made === 10) abort.abort()
      return hashed(text)
    }
    const embedder = await openEmbedder({ env: {}, hashed: counting })
    const embedding = embedder.embed(new Array(1_000).fill('text'), abort.signal)
    await expect(embedding).rejects.toMatchObject({ name: 'AbortError' })
    expect(made).toBeLessThan(20)
  })

  it('of a wrong form is an error like any other', async () => {
    const lengths = [27, 26]
    const embedder = await openEmbedder({ env: {}, hashed: () => new Array(lengths.shift() ?? 27).fill(1) })
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ kind: 'invalid-response' })
  })
})
