import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#kit/store/database'
import { MIGRATIONS, migrate } from '#kit/store/migrations'
import { openStore } from '#kit/store/open'
import { openSqlStore } from '#kit/store/open-database'
import { openPostgres } from '#kit/store/postgres'
import { createSqlStore } from '#kit/store/sql-store'
import type { VectorIndex } from '#kit/store/vectors'
import { describeStore } from '../../store/test/contract.ts'
import { EMBEDDING, PATIENT, sample } from '../../store/test/samples.ts'
import { describeMigrations, describeSql } from './sql-contract.ts'

/**
 * Tests that need a server. Without its variable they are skipped, with a message; if they are `required` and
 * CI sets REQUIRE_SERVICES=1, they fail.
 */
function withServer(
  variable: string,
  { required }: { required: boolean },
  tests: (url: string) => void,
): void {
  const url = process.env[variable]
  if (url) {
    describe(`the server at ${variable}`, PATIENT, () => tests(url))
    return
  }
  it(`needs ${variable}`, (context) => {
    if (required && process.env['REQUIRE_SERVICES'] === '1') throw new Error(`${variable} is not set`)
    console.warn(`SKIPPED: the tests that need a PostgreSQL server at ${variable}`)
    context.skip()
  })
}

/** Creates a separate schema, selects it with search_path, and drops it afterwards. */
function useSchema(url: string) {
  const schema = `rag_test_${randomBytes(6).toString('hex')}`
  const inSchema = new URL(url)
  inSchema.searchParams.set('options', `-c search_path=${schema},public`)
  const admin: Database[] = []
  const databases: Database[] = []
  beforeAll(async () => {
    const server = await openPostgres(url)
    admin.push(server)
    await server.query(`create schema ${schema}`)
    databases.push(await openPostgres(inSchema.href))
  })
  afterAll(async () => {
    for (const database of databases) await database.close()
    await admin[0]?.query(`drop schema ${schema} cascade`)
    await admin[0]?.close()
  })
  const database = (): Database => {
    const [opened] = databases
    if (!opened) throw new Error('not open yet')
    return opened
  }
  return { url: inSchema.href, database }
}

withServer('TEST_DATABASE_URL', { required: false }, (url) => {
  const schema = useSchema(url)
  describeStore('the store', () => openSqlStore(schema.database(), { embedding: EMBEDDING, rebuild: true }))
  describeSql('its tables', schema.database)

  it('is opened by many processes at once, also the first time', async () => {
    await schema
      .database()
      .query(
        'drop table rag_embedding, rag_vectors, rag_totals, rag_postings, rag_chunks, rag_documents, rag_migrations',
      )
    const options = { env: { DATABASE_URL: schema.url }, directory: '/nowhere', embedding: EMBEDDING }
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(options)))
    await Promise.all(stores.map((store, index) => store.replaceDocuments([sample(`${index}.md`, ['word'])])))
    expect(await stores[0]?.lexical(['word'], { limit: 20 })).toHaveLength(8)
    for (const store of stores) await store.close()
  })
})

/** Replaces pgvector on a server that lacks it. */
const NO_VECTORS: VectorIndex = {
  check() {},
  async insert() {},
  nearest: async () => [],
  async optimise() {},
}
const LEXICAL = MIGRATIONS.filter(({ number }) => number === 1)

withServer('TEST_PLAIN_DATABASE_URL', { required: true }, (url) => {
  const schema = useSchema(url)
  const open = async () => {
    await migrate(schema.database(), { embedding: EMBEDDING, migrations: LEXICAL, rebuild: true })
    return createSqlStore(schema.database(), NO_VECTORS)
  }
  describeStore('the store, but for vectors', open, { vectors: false })
  describe('its tables', PATIENT, () => describeMigrations(schema.database, LEXICAL))

  it('is migrated once by many processes that start at once', async () => {
    await (await open()).optimise()
    await schema
      .database()
      .query('drop table rag_totals, rag_postings, rag_chunks, rag_documents, rag_migrations')
    const databases = await Promise.all(Array.from({ length: 8 }, () => openPostgres(schema.url)))
    let runs = 0
    const counted = LEXICAL.map((migration) => ({
      ...migration,
      up: (...given: Parameters<typeof migration.up>) => {
        runs++
        return migration.up(...given)
      },
    }))
    const up = (database: Database) => migrate(database, { embedding: EMBEDDING, migrations: counted })
    await Promise.all(databases.map(up))
    expect(runs).toBe(1)
    const writers = databases.map((database) => createSqlStore(database, NO_VECTORS))
    await Promise.all(
      writers.flatMap((store) =>
        ['a.md', 'b.md', 'c.md'].map((name) => store.replaceDocuments([sample(name, ['same word'])])),
      ),
    )
    expect((await writers[0]?.statistics(['word']))?.chunks).toBe(3)
    for (const database of databases) await database.close()
  })

  it('goes on after the server has closed an idle connection', async () => {
    const database = await openPostgres(url)
    const [own] = await database.query<{ pid: number }>('select pg_backend_pid() as pid')
    await schema.database().query('select pg_terminate_backend($1)', [own?.pid ?? 0])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
    await database.close()
  })

  it('has one line about pgvector that is not there, and one about what to do', async () => {
    const options = {
      env: { DATABASE_URL: schema.url },
      directory: '/nowhere',
      embedding: EMBEDDING,
      rebuild: true,
    }
    await expect(openStore(options)).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringMatching(/^The extension pgvector is not installed on this server/),
      hint: expect.stringContaining('pgvector/pgvector'),
    })
  })
})

describe('DATABASE_URL', () => {
  const open = (DATABASE_URL: string) =>
    openStore({ env: { DATABASE_URL }, directory: '/nowhere', embedding: EMBEDDING })

  it.each([
    'mysql://me:hush@127.0.0.1/db',
    'hush',
    'postgres://me:hush@[/db',
    'postgres://me:hush@host:port/db',
  ])('is refused when it is no address (%s), without being repeated', async (url) => {
    const attempt = open(url)
    await expect(attempt).rejects.toThrow('DATABASE_URL is not the address of a PostgreSQL database')
    await expect(attempt).rejects.not.toThrow('hush')
  })

  it('says what does not answer, and not with which password', async () => {
    await expect(open('postgres://me:hush@127.0.0.1:1/docs')).rejects.toMatchObject({
      message: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:1\/docs: connect ECONNREFUSED/),
      hint: expect.stringContaining('Start the server'),
    })
  })
})
