import { type EmbeddingIdentity, StoreError } from '#kit/store/store'
import type { Database, Queryable } from './database.ts'
import { createVectors } from './pgvector.ts'

export interface Migration {
  number: number
  /** Runs statements, one after another. */
  up(transaction: Queryable, embedding: EmbeddingIdentity): Promise<void>
}

/**
 * Everything but vectors, for any PostgreSQL. Terms, document names and chunk ids compare as bytes (collate
 * "C"): that is faster, and the order is the same in every locale.
 */
const LEXICAL = [
  `create table rag_documents (
     name text collate "C" primary key,
     title text not null,
     hash text not null,
     metadata jsonb not null
   )`,
  `create table rag_chunks (
     key integer primary key,
     id text collate "C" not null unique,
     document text collate "C" not null references rag_documents,
     title text not null,
     headings jsonb not null,
     body text not null,
     tokens integer not null,
     ordinal integer not null,
     length double precision not null
   )`,
  'create index on rag_chunks (document)',
  // One row per term and chunk. No foreign key: its checks would cost more than the rows themselves.
  `create table rag_postings (
     term text collate "C" not null,
     chunk integer not null,
     frequency real not null,
     length real not null
   )`,
  // Has all columns, so a search reads only the index: half the time (4.5 instead of 9 ms at 5,000 chunks).
  'create index on rag_postings (term) include (chunk, frequency, length)',
  'create index on rag_postings (chunk)',
  // One row of totals for BM25, updated by every change. numeric, because sums of floats drift.
  `create table rag_totals (
     only_row boolean primary key default true check (only_row),
     chunks integer not null,
     length numeric not null,
     next_key integer not null
   )`,
  'insert into rag_totals (chunks, length, next_key) values (0, 0, 1)',
]

/** Append only: a migration may have run somewhere, so it is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, up: (transaction) => runStatements(transaction, LEXICAL) },
  { number: 2, up: createVectors },
]

/** A rebuild locks the tables in this order. Writers lock the totals first too: no deadlock. */
const TABLES =
  'rag_totals, rag_embedding, rag_vectors, rag_postings, rag_chunks, rag_documents, rag_migrations'

export interface MigrateOptions {
  embedding: EmbeddingIdentity
  /** Drops the index first. */
  rebuild?: boolean
  migrations?: readonly Migration[]
}

/**
 * Migrates the tables to the version that this program knows, in one transaction. Processes that start at the
 * same time wait for each other; the first one migrates. Throws a StoreError for tables of a newer version,
 * even with `rebuild`, which would not know all the tables to drop.
 */
export async function migrate(
  database: Database,
  { embedding, rebuild = false, migrations = MIGRATIONS }: MigrateOptions,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1)', [LOCK])
    const known = Math.max(...migrations.map(({ number }) => number))
    const found = await readVersion(transaction)
    if (found > known) throw createNewerSchemaError(database.name, found, known)
    // Only if found in this schema: a name alone could match a table in the next schema of search_path.
    if (rebuild && found > 0) await transaction.query(`drop table if exists ${TABLES}`)
    if (rebuild || found === 0)
      await transaction.query(
        'create table rag_migrations (number integer primary key, at timestamptz not null)',
      )
    for (const migration of migrations.filter(({ number }) => rebuild || number > found)) {
      await migration.up(transaction, embedding)
      await transaction.query('insert into rag_migrations values ($1, now())', [migration.number])
    }
  })
}

/** The key of the advisory lock, "rag_" in ASCII. No other program in the same database should use it. */
const LOCK = 0x7261675f

async function readVersion(transaction: Queryable): Promise<number> {
  const [table] = await transaction.query<{ exists: boolean }>(
    `select exists (
       select from pg_tables where schemaname = current_schema() and tablename = 'rag_migrations'
     ) as exists`,
  )
  if (!table?.exists) return 0
  const [row] = await transaction.query<{ version: number }>(
    'select coalesce(max(number), 0) as version from rag_migrations',
  )
  return row?.version ?? 0
}

export async function runStatements(transaction: Queryable, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await transaction.query(statement)
}

function createNewerSchemaError(name: string, found: number, known: number): StoreError {
  return new StoreError(
    `The index in ${name} was made by a newer version of this program (schema ${found}; this one knows ${known})`,
    'Use the newer version, or another directory or database.',
  )
}
