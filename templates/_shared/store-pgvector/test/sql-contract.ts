import { describe, expect, it } from 'vitest'
import type { Database, Parameter, Queryable } from '#kit/store/database'
import { MIGRATIONS, migrate } from '#kit/store/migrations'
import { openSqlStore } from '#kit/store/open-database'
import { EMBEDDING, PATIENT, randomFrom, randomWords, sample, vectorOf } from '../../store/test/samples.ts'

/** Tests for a store in SQL, in addition to those for every store. The database may be emptied. */
export function describeSql(name: string, database: () => Database): void {
  describe(name, PATIENT, () => {
    describeIdentity(database)
    describeMigrations(database, MIGRATIONS)
    describeIndex(database)
  })
}

function describeIdentity(database: () => Database): void {
  it('refuses an index to another embedder, and names both', async () => {
    await openSqlStore(database(), { embedding: EMBEDDING, rebuild: true })
    for (const other of [
      { model: 'other', dimensions: 8 },
      { model: 'sample', dimensions: 3 },
    ]) {
      await expect(openSqlStore(database(), { embedding: other })).rejects.toMatchObject({
        name: 'StoreError',
        message: expect.stringMatching(`sample \\(8 dimensions\\).*${other.model} \\(${other.dimensions}\\)`),
        hint: expect.stringContaining('npm run ingest -- --rebuild DOCS'),
      })
    }
  })

  it('rebuilds for another embedder when asked to', async () => {
    const before = await openSqlStore(database(), { embedding: EMBEDDING, rebuild: true })
    await before.replaceDocuments([sample('a.md', ['word'])])
    const other = { model: 'other', dimensions: 3 }
    const store = await openSqlStore(database(), { embedding: other, rebuild: true })
    expect((await store.documents()).size).toBe(0)
    expect((await openSqlStore(database(), { embedding: other })).name).toBe(store.name)
  })

  it.each([0, 1.5, 16_001, Number.NaN])('refuses an embedding of %d dimensions', async (dimensions) => {
    const embedding = { model: 'odd', dimensions }
    await expect(openSqlStore(database(), { embedding, rebuild: true })).rejects.toThrow(
      /pgvector takes 1 to 16000/,
    )
  })
}

/** Needs no vectors: `migrations` may leave those out. */
export function describeMigrations(database: () => Database, migrations: typeof MIGRATIONS): void {
  const up = (more: typeof MIGRATIONS = []) =>
    migrate(database(), { embedding: EMBEDDING, migrations: [...migrations, ...more] })
  const rebuild = () => migrate(database(), { embedding: EMBEDDING, migrations, rebuild: true })
  const forget = () => database().query('delete from rag_migrations where number >= 90')

  it('runs a migration once, and the next one after it', async () => {
    await rebuild()
    let runs = 0
    const next = { number: 90, up: async () => void runs++ }
    await up()
    await up([next])
    await up([next])
    await forget()
    expect(runs).toBe(1)
  })

  it('leaves everything as it was when a migration fails', async () => {
    await rebuild()
    const failing = {
      number: 90,
      async up(transaction: Queryable) {
        await transaction.query('drop table rag_postings')
        throw new Error('half-way')
      },
    }
    await expect(up([failing])).rejects.toThrow('half-way')
    expect(await database().query('select number from rag_migrations where number = 90')).toEqual([])
    expect(await database().query('select * from rag_postings')).toEqual([])
  })

  it('refuses the tables of a newer version, also to a rebuild', async () => {
    await rebuild()
    await database().query('insert into rag_migrations values (99, now())')
    const refused = { name: 'StoreError', message: expect.stringContaining('schema 99') }
    await expect(up()).rejects.toMatchObject(refused)
    await expect(rebuild()).rejects.toMatchObject(refused)
    await forget()
  })
}

function describeIndex(database: () => Database): void {
  const size = 400
  const documents = () => {
    const random = randomFrom(3)
    return Array.from({ length: size }, (_, index) =>
      sample(`${index}.md`, [randomWords(random, 12).join(' ')], {
        rare: index % 100 === 0,
        half: index % 2 === 0,
      }),
    )
  }
  const questions = Array.from({ length: 20 }, (_, seed) => vectorOf(randomWords(randomFrom(seed), 6)))

  it.each([8, 2_001])(
    'is searched by HNSW above a size, and finds what a full scan finds (%d dimensions)',
    async (dimensions) => {
      const { plans, spied } = explaining(database())
      const embedding = { model: 'sample', dimensions }
      const store = await openSqlStore(spied, { embedding, rebuild: true, exactRows: 150 })
      const wide = (vector: readonly number[]) => [...vector, ...Array(dimensions - vector.length).fill(0)]
      await store.replaceDocuments(
        documents().map(({ document, chunks }) => ({
          document,
          chunks: chunks.map((chunk) => ({ ...chunk, embedding: wide(chunk.embedding) })),
        })),
      )
      const ask = (filter?: { metadata: Record<string, boolean> }, limit = 10) =>
        Promise.all(
          questions.map((question) => store.nearest(wide(question), { limit, ...(filter && { filter }) })),
        )
      const exact = { all: await ask(), half: await ask({ metadata: { half: true } }) }
      expect(plans.splice(0).join().includes('hnsw')).toBe(false)

      await store.optimise()
      const approximate = { all: await ask(), half: await ask({ metadata: { half: true } }) }
      expect(plans.length).toBe(2 * questions.length)
      for (const plan of plans.splice(0))
        expect(plan.includes('Index Scan using rag_vectors_hnsw')).toBe(true)
      expect(recall(approximate.all, exact.all)).toBeGreaterThan(0.95)
      expect(recall(approximate.half, exact.half)).toBeGreaterThan(0.95)

      // Few enough match the filter to compare each.
      for (const hits of await ask({ metadata: { rare: true } }, 4)) expect(hits).toHaveLength(4)
      expect(plans.splice(0).join().includes('hnsw')).toBe(false)

      await store.removeDocuments(Array.from({ length: 300 }, (_, index) => `${index}.md`))
      await store.optimise()
      expect((await ask())[0]).toHaveLength(10)
      expect(plans.join().includes('hnsw')).toBe(false)
    },
  )

  it('goes on behind a filter until there are enough', async () => {
    const store = await openSqlStore(database(), { embedding: EMBEDDING, rebuild: true, exactRows: 3 })
    await store.replaceDocuments(documents())
    await store.optimise()
    for (const question of questions)
      expect(await store.nearest(question, { limit: 4, filter: { metadata: { rare: true } } })).toHaveLength(
        4,
      )
  })
}

type Answers = readonly (readonly { chunk: { id: string }; score: number }[])[]

/** The share of wanted hits that were found. A hit as near as the last wanted one counts. */
function recall(found: Answers, wanted: Answers): number {
  const shares = wanted.map((hits, index) => {
    const last = hits.at(-1)?.score ?? 0
    return (found[index] ?? []).filter(({ score }) => score >= last - 1e-3).length / hits.length
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/** Wraps the database to note the plan of every vector search before it runs. */
function explaining(database: Database): { plans: string[]; spied: Database } {
  const plans: string[] = []
  const spy = (on: Queryable): Queryable => ({
    async query<Row extends object>(sql: string, parameters: readonly Parameter[] = []) {
      if (sql.includes('<=>')) {
        const rows = await on.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, parameters)
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      }
      return on.query<Row>(sql, parameters)
    },
  })
  return {
    plans,
    spied: {
      ...database,
      ...spy(database),
      transaction: (work) => database.transaction((inner) => work(spy(inner))),
    },
  }
}
