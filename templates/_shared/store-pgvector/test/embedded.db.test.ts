import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#kit/store/database'
import { openSqlStore } from '#kit/store/open-database'
import { POSTGRES_MAJOR, wrapPglite } from '#kit/store/pglite'
import { openPostgres } from '#kit/store/postgres'
import { describeStore } from '../../store/test/contract.ts'
import { EMBEDDING } from '../../store/test/samples.ts'
import { describeSql } from './sql-contract.ts'
import { serveWire } from './wire.ts'

// One instance for this file: each takes seconds to start, and half a gigabyte of memory.
let pglite: PGlite
let embedded: Database
let overTheWire: Database
let wire: Awaited<ReturnType<typeof serveWire>>

beforeAll(async () => {
  pglite = await PGlite.create({ extensions: { vector } })
  embedded = wrapPglite(pglite, 'PGlite in memory')
  wire = await serveWire(pglite)
  overTheWire = await openPostgres(wire.url)
}, 120_000)

afterAll(async () => {
  await overTheWire.close()
  await wire.close()
  await embedded.close()
})

describeStore('PGlite', () => openSqlStore(embedded, { embedding: EMBEDDING, rebuild: true }))
describeSql('the tables in PGlite', () => embedded)
describeStore('a PostgreSQL connection', () =>
  openSqlStore(overTheWire, { embedding: EMBEDDING, rebuild: true }),
)

describe('PGlite', () => {
  it('is of the version that the check of a directory expects', async () => {
    const [row] = await embedded.query<{ server_version: string }>('show server_version')
    expect(row?.server_version.split('.')[0]).toBe(POSTGRES_MAJOR)
  })
})
