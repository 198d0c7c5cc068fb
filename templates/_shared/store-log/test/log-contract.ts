import { describe, expect, it } from 'vitest'
import { openLogStore } from '#kit/store/log-store'
import type { VectorDatabase } from '#kit/store/vector-database'
import {
  EMBEDDING,
  idsOf,
  PATIENT,
  randomDocument,
  randomFrom,
  sample,
  vectorOf,
} from '../../store/test/samples.ts'

/** A place for an index, empty at first. A test opens it as often as it wants to, one time after another. */
export interface Place {
  connect: () => Promise<VectorDatabase>
}

/** Tests for a store over a log, in addition to those for every store. The database may be emptied. */
export function describeLog(name: string, newPlace: () => Place | Promise<Place>): void {
  describe(name, PATIENT, () => {
    describeReopening(newPlace)
    describeBreaking(newPlace)
    describeTidying(newPlace)
  })
}

type NewPlace = Parameters<typeof describeLog>[1]

const storeIn = async ({ connect }: Place, more: object = {}) =>
  openLogStore(await connect(), { embedding: EMBEDDING, ...more })

function describeReopening(newPlace: NewPlace): void {
  it('is when it is opened again what it was when it was closed', async () => {
    const place = await newPlace()
    const random = randomFrom(5)
    const store = await storeIn(place)
    for (let round = 0; round < 12; round++)
      await store.replaceDocuments([
        randomDocument(random, `${round % 5}.md`),
        randomDocument(random, 'all.md'),
      ])
    await store.removeDocuments(['3.md'])
    const ask = async (asked: typeof store) => [
      await asked.documents(),
      await asked.lexical(['a1', 'b2', 'c0', 'd3'], { limit: 20 }),
      await asked.nearest(vectorOf(['apple', 'banana']), { limit: 20 }),
      await asked.statistics(['a1', 'b2']),
    ]
    const before = await ask(store)
    await store.close()
    const again = await storeIn(place)
    expect(await ask(again)).toEqual(before)
    await again.optimise()
    expect(await ask(again)).toEqual(before)
    await again.close()
  })

  it('refuses an index to another embedder, names both, and rebuilds when asked to', async () => {
    const place = await newPlace()
    const store = await storeIn(place)
    await store.replaceDocuments([sample('a.md', ['word'])])
    await store.close()
    const other = { model: 'other', dimensions: 3 }
    for (const embedding of [{ model: 'other', dimensions: 8 }, { model: 'sample', dimensions: 3 }, other])
      await expect(storeIn(place, { embedding })).rejects.toMatchObject({
        name: 'StoreError',
        message: expect.stringMatching(
          `sample \\(8 dimensions\\).*${embedding.model} \\(${embedding.dimensions}\\)`,
        ),
        hint: expect.stringContaining('npm run ingest -- --rebuild DOCS'),
      })
    const rebuilt = await storeIn(place, { embedding: { ...EMBEDDING, model: 'new' }, rebuild: true })
    expect((await rebuilt.documents()).size).toBe(0)
    await rebuilt.replaceDocuments([sample('b.md', ['word'])])
    expect(idsOf(await rebuilt.nearest(vectorOf(['word']), { limit: 5 }))).toEqual(['b.md#0000'])
    await rebuilt.close()
  })

  it('belongs to no embedder while it is empty', async () => {
    const place = await newPlace()
    await (await storeIn(place)).close()
    const other = await storeIn(place, { embedding: { model: 'other', dimensions: 8 } })
    expect((await other.statistics([])).chunks).toBe(0)
    await other.close()
  })

  it('refuses a newer version, and an unreadable head', async () => {
    for (const [head, message] of [
      ['{"format":2}', 'was made by a newer version of this program (format 2; this one knows 1)'],
      ['nonsense', 'cannot be read'],
    ] as const) {
      const place = await newPlace()
      const database = await place.connect()
      await database.putTexts(new Map([['head', head]]))
      await database.close()
      await expect(storeIn(place)).rejects.toMatchObject({
        name: 'StoreError',
        message: expect.stringContaining(message),
      })
    }
  })
}

/**
 * Lets `calls` calls of the database pass. Every later one fails, as if the process had been killed: what was
 * written stays.
 */
function breaking(database: VectorDatabase, calls: number): VectorDatabase {
  let left = calls
  const counted =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    (...args: Args) => {
      left -= 1
      return left < 0 ? Promise.reject(new Error('killed')) : call.apply(database, args)
    }
  return {
    name: database.name,
    textLimit: 40,
    neighbourLimit: database.neighbourLimit,
    lookAfterMs: database.lookAfterMs,
    putTexts: counted(database.putTexts),
    texts: counted(database.texts),
    textKeys: counted(database.textKeys),
    removeTexts: counted(database.removeTexts),
    putVectors: counted(database.putVectors),
    vectorKeys: counted(database.vectorKeys),
    removeVectors: counted(database.removeVectors),
    nearest: counted(database.nearest),
    clear: counted(database.clear),
    close: () => database.close(),
  }
}

function describeBreaking(newPlace: NewPlace): void {
  it('has the old or the new after a stop at any call, and nothing left of it after the next change', async () => {
    const place = await newPlace()
    const old = [sample('a.md', ['old one', 'old two'], { age: 'old' }), sample('gone.md', ['old'])]
    const changed = [sample('a.md', ['new one'], { age: 'new' }), sample('b.md', ['new two'])]
    let outcome = ''
    for (let calls = 1; outcome !== 'finished'; calls++) {
      const first = await storeIn(place, { rebuild: true })
      await first.replaceDocuments(old)
      await first.close()
      outcome = await change(breaking(await place.connect(), calls), changed)

      const after = await storeIn(place)
      const names = [...(await after.documents()).keys()].sort().join()
      expect(['a.md,gone.md', 'a.md,b.md,gone.md', 'a.md,b.md']).toContain(names)
      const isOld = names === 'a.md,gone.md'
      const filter = { metadata: { age: isOld ? 'old' : 'new' } }
      const wanted = isOld ? ['a.md#0000', 'a.md#0001'] : ['a.md#0000']
      expect(idsOf(await after.nearest(vectorOf(['o']), { limit: 9, filter })).sort()).toEqual(wanted)
      expect(idsOf(await after.lexical(['old'], { limit: 9, filter })).sort()).toEqual(isOld ? wanted : [])
      await after.replaceDocuments([sample('last.md', ['last'])])
      await after.optimise()
      const { chunks } = await after.statistics([])
      await after.close()
      const database = await place.connect()
      expect((await database.vectorKeys()).length).toBe(chunks)
      await database.close()
      expect(calls).toBeLessThan(60)
    }
  })
}

async function change(database: VectorDatabase, changed: ReturnType<typeof sample>[]): Promise<string> {
  try {
    const store = await openLogStore(database, { embedding: EMBEDDING })
    await store.replaceDocuments(changed)
    await store.removeDocuments(['gone.md'])
    await store.optimise()
    return 'finished'
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'killed') throw error
    return 'killed'
  } finally {
    await database.close()
  }
}

function describeTidying(newPlace: NewPlace): void {
  it('keeps no more than it needs, however often documents change', async () => {
    const place = await newPlace()
    const store = await storeIn(place)
    for (let round = 0; round < 30; round++)
      await store.replaceDocuments([sample(`${round % 3}.md`, [`round ${round}`, 'word'])])
    await store.optimise()
    const before = await store.lexical(['word', '29'], { limit: 9 })
    expect(before).toHaveLength(4)
    await store.close()
    const database = await place.connect()
    expect((await database.textKeys()).length).toBeLessThan(4)
    expect((await database.vectorKeys()).length).toBe(6)
    await database.close()
    const again = await storeIn(place)
    expect(await again.lexical(['word', '29'], { limit: 9 })).toEqual(before)
    await again.close()
  })
}
