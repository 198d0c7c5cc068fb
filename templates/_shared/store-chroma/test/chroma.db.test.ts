import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { openChroma } from '#kit/store/chroma'
import { openLogStore } from '#kit/store/log-store'
import { mayHaveIndex, openStore } from '#kit/store/open'
import type { VectorDatabase } from '#kit/store/vector-database'
import { setUpProgram } from '#kit/testing/program'
import { describeStore } from '../../store/test/contract.ts'
import { EMBEDDING, idsOf, PATIENT, sample, vectorOf } from '../../store/test/samples.ts'
import { describeKills } from '../../store-log/test/killing.ts'
import { describeLog } from '../../store-log/test/log-contract.ts'

const url = process.env['TEST_CHROMA_URL']

if (url) describeServer(url)
else
  it('needs TEST_CHROMA_URL', (context) => {
    if (process.env['REQUIRE_SERVICES'] === '1') throw new Error('TEST_CHROMA_URL is not set')
    console.warn('SKIPPED: the tests that need a Chroma server at TEST_CHROMA_URL')
    context.skip()
  })

function describeServer(url: string): void {
  const collections: string[] = []
  const newCollection = () => {
    const name = `rag-test-${randomBytes(6).toString('hex')}`
    collections.push(name)
    return name
  }
  const connect = () => {
    const collection = newCollection()
    return async () => openChroma({ url, collection })
  }
  const open = (database: VectorDatabase) => openLogStore(database, { embedding: EMBEDDING })

  afterAll(async () => {
    for (const collection of collections) await openChroma({ url, collection }).clear()
  }, 60_000)

  describeStore('the store in Chroma', async () => open(await connect()()))
  describeLog('the log in Chroma', () => ({ connect: connect() }))

  setUpProgram() // builds the code that the killed processes import
  const killed = newCollection()
  describeKills('a process with an index in Chroma', () => ({
    env: { CHROMA_URL: url, CHROMA_COLLECTION: killed },
    directory: undefined,
  }))

  describe('the server at TEST_CHROMA_URL', PATIENT, () => {
    it('shows one process what another has changed', async () => {
      const place = connect()
      const [reader, writer] = [await open(await place()), await open(await place())]
      await writer.replaceDocuments([sample('a.md', ['first word'])])
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      expect(idsOf(await reader.lexical(['first'], { limit: 5 }))).toEqual(['a.md#0000'])
      await writer.replaceDocuments([sample('a.md', ['second word'])])
      await writer.optimise()
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      expect(idsOf(await reader.nearest(vectorOf(['second']), { limit: 5 }))).toEqual(['a.md#0000'])
      expect(await reader.lexical(['first'], { limit: 5 })).toEqual([])
    })

    it('shows a reader the index that another process rebuilt', async () => {
      const place = connect()
      const writer = await open(await place())
      await writer.replaceDocuments([sample('a.md', ['first word'])])
      const reader = await open(await place())
      const rebuilt = await openLogStore(await place(), { embedding: EMBEDDING, rebuild: true })
      await rebuilt.replaceDocuments([sample('b.md', ['second word'])])
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      expect(idsOf(await reader.nearest(vectorOf(['word']), { limit: 5 }))).toEqual(['b.md#0000'])
      expect([...(await reader.documents()).keys()]).toEqual(['b.md'])
    })

    it('is found by its variables, and says where it is', async () => {
      const collection = newCollection()
      const env = { CHROMA_URL: `${url}/`, CHROMA_COLLECTION: collection }
      expect(mayHaveIndex({ env, directory: '/nowhere' })).toBe(true)
      const store = await openStore({ env, directory: '/nowhere', embedding: EMBEDDING })
      expect(store.name).toBe(`Chroma at ${new URL(url).host}/${collection}`)
      await store.close()
    })
  })
}
