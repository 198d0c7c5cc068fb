import { describe, expect, it } from 'vitest'
import { openLogStore } from '#kit/store/log-store'
import { mayHaveIndex, openStore } from '#kit/store/open'
import { openPinecone } from '#kit/store/pinecone'
import { describeStore } from '../../store/test/contract.ts'
import { EMBEDDING, PATIENT, sample, vectorOf } from '../../store/test/samples.ts'
import { describeFailures, useServer } from '../../store-log/test/broken-service.ts'
import { describeLog } from '../../store-log/test/log-contract.ts'
import { pineconeStandIn } from './stand-in.ts'

const standIn = pineconeStandIn(EMBEDDING.dimensions)
let busy = false
const host = useServer((request, response) => {
  if (busy) response.writeHead(429, { 'retry-after': '60' }).end('{}')
  else standIn.listener(request, response)
})
const distances = useServer(pineconeStandIn(EMBEDDING.dimensions, 'euclidean').listener)
let places = 0
const access = () => {
  return { apiKey: 'scripted-key', index: 'docs', host: host(), namespace: `test-${places++}` }
}
const ENV = { PINECONE_API_KEY: 'scripted-key', PINECONE_INDEX: 'docs' }

describeStore('the store in the stand-in for Pinecone', async () =>
  openLogStore(await openPinecone(access(), EMBEDDING), { embedding: EMBEDDING }),
)
describeLog('the log in the stand-in for Pinecone', () => {
  const place = access()
  return { connect: () => openPinecone(place, EMBEDDING) }
})
describeFailures('a Pinecone', async (host) => {
  const broken = { apiKey: 'hush-hush', index: 'docs', host, namespace: '', timeoutMs: 1_000 }
  const database = await openPinecone(broken, EMBEDDING)
  return database.texts(['head'])
})

describe('an index in Pinecone', PATIENT, () => {
  it('is found by its name, and says which it is', async () => {
    const env = { ...ENV, PINECONE_CONTROLLER_HOST: host() }
    standIn.indexes.set('docs', { dimension: EMBEDDING.dimensions, host: host() })
    const store = await openStore({ env, directory: '/nowhere', embedding: EMBEDDING })
    expect(store.name).toBe('Pinecone index docs/rag-bot')
    expect(standIn.requests).toContain('GET /indexes/docs')
    await store.replaceDocuments([sample('a.md', ['word'])])
    const missing = openStore({
      env: { ...env, PINECONE_INDEX: 'none' },
      directory: '',
      embedding: EMBEDDING,
    })
    await expect(missing).rejects.toMatchObject({
      name: 'StoreError',
      message: 'Pinecone index none/rag-bot: there is no such index',
      hint: expect.stringContaining('Create it'),
    })
  })

  it('is refused when it takes vectors of another size', async () => {
    await expect(openPinecone(access(), { model: 'wide', dimensions: 1_536 })).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining('takes vectors of 8 dimensions; wide makes 1536'),
      hint: expect.stringContaining('1536 dimensions'),
    })
  })

  it('is refused when it compares by distance', async () => {
    const store = await openLogStore(await openPinecone({ ...access(), host: distances() }, EMBEDDING), {
      embedding: EMBEDDING,
    })
    await store.replaceDocuments([sample('a.md', ['apple', 'banana'])])
    await expect(store.nearest(vectorOf(['apple']), { limit: 5 })).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining('compares by distance, not by cosine'),
    })
  })

  it('does not repeat a key that it refuses', async () => {
    const refused = openPinecone({ ...access(), apiKey: 'hush-hush' }, EMBEDDING)
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('the key was refused') })
    await expect(refused).rejects.not.toThrow('hush')
  })

  it('says that there were too many requests, not that it cannot be reached', async () => {
    busy = true
    try {
      await expect(openPinecone(access(), EMBEDDING)).rejects.toMatchObject({
        message: expect.stringContaining('too many requests'),
      })
    } finally {
      busy = false
    }
  })
})

describe('the variables of Pinecone', () => {
  const open = (env: Record<string, string>) =>
    openStore({ env: { PINECONE_API_KEY: 'hush-hush', ...env }, directory: '/nowhere', embedding: EMBEDDING })

  it.each([
    [{}, 'PINECONE_INDEX is not'],
    [{ PINECONE_API_KEY: 'hush\nhush', PINECONE_INDEX: 'docs' }, 'characters in it that no key has'],
    [{ PINECONE_HOST: 'http://pinecone.example' }, 'is not an https address'],
    [{ PINECONE_HOST: 'https://hush@pinecone.example' }, 'is not an https address'],
    [{ PINECONE_HOST: 'not a host' }, 'is not an https address'],
  ])('are refused when they are half of what it takes (%j)', async (env, reason) => {
    const attempt = open(env)
    await expect(attempt).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining(reason),
    })
    await expect(attempt).rejects.not.toThrow('hush')
  })

  it('are not needed: without a key and without a directory the index is in memory', async () => {
    const store = await openStore({ env: {}, directory: undefined, embedding: EMBEDDING })
    expect(store.name).toBe('memory')
    expect(mayHaveIndex({ env: {}, directory: undefined })).toBe(false)
    await store.close()
  })
})
