import { describe, expect, it, vi } from 'vitest'
import { openLocal } from '#kit/store/local-database'
import { openLogStore } from '#kit/store/log-store'
import type { VectorDatabase } from '#kit/store/vector-database'
import { EMBEDDING, idsOf, sample } from '../../store/test/samples.ts'

/** A service as one process sees it: the test changes only `texts`. Every search checks for changes. */
function seenAs(database: VectorDatabase, texts: VectorDatabase['texts']): VectorDatabase {
  return {
    name: 'a late service',
    textLimit: database.textLimit,
    neighbourLimit: database.neighbourLimit,
    lookAfterMs: 0,
    putTexts: (given) => database.putTexts(given),
    texts,
    textKeys: () => database.textKeys(),
    removeTexts: (keys) => database.removeTexts(keys),
    putVectors: (vectors) => database.putVectors(vectors),
    vectorKeys: () => database.vectorKeys(),
    removeVectors: (keys) => database.removeVectors(keys),
    nearest: (vector, search) => database.nearest(vector, search),
    clear: () => database.clear(),
    close: async () => {},
  }
}

const open = (database: VectorDatabase) => openLogStore(database, { embedding: EMBEDDING })

describe('a service that shows what was written only later', { timeout: 30_000 }, () => {
  it('is waited for by a commit, until it shows the head', async () => {
    const service = await openLocal(undefined)
    let [reads, before] = [0, await service.texts(['head'])]
    const late = seenAs(service, async (keys) => {
      if (!keys.includes('head')) return service.texts(keys)
      reads += 1
      const shown = before
      if (reads % 4 === 0) before = await service.texts(['head'])
      return shown
    })
    const store = await open(late)
    await store.replaceDocuments([sample('a.md', ['first word'])])
    await store.replaceDocuments([sample('b.md', ['second word'])])
    const other = await open(seenAs(service, (keys) => service.texts(keys)))
    expect([...(await other.documents()).keys()]).toEqual(['a.md', 'b.md'])
  })

  it('is asked again for parts that the head names and it does not have yet', async () => {
    const service = await openLocal(undefined)
    const writer = await open(seenAs(service, (keys) => service.texts(keys)))
    await writer.replaceDocuments([sample('a.md', ['first word'])])
    let misses = 3
    const late = seenAs(service, (keys) =>
      keys.includes('head') || misses-- <= 0 ? service.texts(keys) : Promise.resolve(new Map()),
    )
    expect(idsOf(await (await open(late)).lexical(['first'], { limit: 1 }))).toEqual(['a.md#0000'])
  })

  it('does not take a reader back to an earlier head, nor to none', async () => {
    const service = await openLocal(undefined)
    const writer = await open(seenAs(service, (keys) => service.texts(keys)))
    await writer.replaceDocuments([sample('a.md', ['first word'])])
    const earlier = await service.texts(['head'])
    let shown: Map<string, string> | undefined
    const reader = await open(seenAs(service, async (keys) => shown ?? service.texts(keys)))
    await writer.replaceDocuments([sample('b.md', ['second word'])])
    expect((await reader.documents()).size).toBe(2)
    for (const stale of [earlier, new Map<string, string>()]) {
      shown = stale
      expect((await reader.documents()).size).toBe(2)
    }
  })

  it('tells one of two writers that commit at the same moment', async () => {
    const service = await openLocal(undefined)
    let [arrived, written] = [0, 0]
    const late = {
      ...seenAs(service, async (keys) => {
        if (arrived === 2) await vi.waitUntil(() => written === 2)
        return service.texts(keys)
      }),
      putTexts: async (given: ReadonlyMap<string, string>) => {
        if (!given.has('head')) return service.putTexts(given)
        arrived += 1
        await vi.waitUntil(() => arrived === 2)
        await service.putTexts(given)
        written += 1
      },
    }
    const stores = await Promise.all([1, 2].map(() => open(late)))
    const changes = stores.map((store, number) => store.replaceDocuments([sample(`${number}.md`, ['word'])]))
    const outcomes = await Promise.allSettled(changes)
    const told = outcomes.filter(({ status }) => status === 'rejected')
    for (const outcome of told)
      expect(outcome).toMatchObject({
        reason: { name: 'StoreError', message: expect.stringContaining('at the same time') },
      })
    const { size } = await (await open(seenAs(service, (keys) => service.texts(keys)))).documents()
    expect([size, told.length]).toEqual([1, 1])
  })
})
