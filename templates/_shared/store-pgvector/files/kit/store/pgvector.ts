import { type EmbeddingIdentity, StoreError } from '#kit/store/store'
import type { Queryable } from './database.ts'
import { extractErrorCode } from './failure.ts'

/** The most dimensions that pgvector can index as vector, can index as halfvec, and can store at all. */
export const MAX_VECTOR = 2_000
export const MAX_HALFVEC = 4_000
const MAX_KEPT = 16_000

/** 0.8.0 brought the iterative scan; without it, an HNSW search with a filter loses rows. */
const WANTED = [0, 8]

/**
 * Creates the tables for vectors: who made them, and one row per chunk. Throws a StoreError if pgvector is
 * missing or too old, or can't store this number of dimensions.
 */
export async function createVectors(
  transaction: Queryable,
  { model, dimensions }: EmbeddingIdentity,
): Promise<void> {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_KEPT)
    throw new StoreError(
      `An embedding of ${dimensions} dimensions cannot be kept: pgvector takes 1 to ${MAX_KEPT}`,
      'Choose another embedding model, or ask it for fewer dimensions.',
    )
  await createExtension(transaction)
  await transaction.query(
    `create table rag_embedding (
       only_row boolean primary key default true check (only_row),
       model text not null,
       dimensions integer not null
     )`,
  )
  await transaction.query('insert into rag_embedding (model, dimensions) values ($1, $2)', [
    model,
    dimensions,
  ])
  // A type takes no parameters, but the number was checked above.
  await transaction.query(
    `create table rag_vectors (
       chunk integer primary key references rag_chunks on delete cascade,
       embedding vector(${dimensions}) not null
     )`,
  )
}

async function createExtension(transaction: Queryable): Promise<void> {
  try {
    await transaction.query('create extension if not exists vector')
  } catch (error) {
    throw toUnavailableError(error)
  }
  await checkExtension(transaction)
}

/** Throws a StoreError if pgvector is too old, or is in a schema that this connection does not search. */
export async function checkExtension(database: Queryable): Promise<void> {
  const [found] = await database.query<{ version: string; schema: string; visible: boolean }>(
    `select extversion as version, nspname as schema, nspname = any(current_schemas(true)) as visible
     from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'vector'`,
  )
  if (found && isOlder(found.version))
    throw new StoreError(
      `pgvector ${found.version} is too old: ${WANTED.join('.')} or newer is needed`,
      'Install a newer one on the server, then run in this database: alter extension vector update',
    )
  if (found && !found.visible)
    throw new StoreError(
      `pgvector is in schema ${found.schema}, where this connection does not look`,
      `Add ${found.schema} to search_path in DATABASE_URL: ?options=-c%20search_path%3Dmine,${found.schema}`,
    )
}

function toUnavailableError(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error
  const [what, hint] =
    extractErrorCode(error) === '42501'
      ? [
          'may not be created by this user',
          "Run once as a superuser: psql DATABASE -c 'create extension vector'",
        ]
      : [
          'is not installed on this server',
          'Install it (Debian: postgresql-18-pgvector), or use the image pgvector/pgvector:pg18.',
        ]
  return new StoreError(`The extension pgvector ${what} (${error.message})`, hint, { cause: error.cause })
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = WANTED
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor)
}
