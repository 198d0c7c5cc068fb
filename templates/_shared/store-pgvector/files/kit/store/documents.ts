import { toStorableJson, toStorableText } from '#kit/store/storable'
import type { DocumentRecord, IndexedChunk } from '#kit/store/store'
import type { Queryable } from './database.ts'

export async function readDocumentRecords(database: Queryable): Promise<Map<string, DocumentRecord>> {
  const rows = await database.query<DocumentRecord>('select name, title, hash, metadata from rag_documents')
  return new Map(rows.map((row) => [row.name, row]))
}

/**
 * Adds new chunks to the totals, and returns the first of their keys. Every change starts with this
 * statement, so it also makes writers wait for each other: it locks the row until the transaction ends.
 */
export async function reserveKeys(transaction: Queryable, chunks: readonly IndexedChunk[]): Promise<number> {
  const [row] = await transaction.query<{ first: number }>(
    `update rag_totals set
       next_key = next_key + $1::integer,
       chunks = chunks + $1::integer,
       length = length + (select coalesce(sum(added::numeric), 0) from unnest($2::double precision[]) as added)
     returning next_key - $1::integer as first`,
    [chunks.length, chunks.map(({ length }) => length)],
  )
  return row?.first ?? 1
}

/** Inserts document records, or replaces those of the same names. */
export async function putRecords(
  transaction: Queryable,
  documents: readonly DocumentRecord[],
): Promise<void> {
  await transaction.query(
    `insert into rag_documents (name, title, hash, metadata)
     select name, title, hash, metadata::jsonb
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as new(name, title, hash, metadata)
     on conflict (name) do update set title = excluded.title, hash = excluded.hash, metadata = excluded.metadata`,
    [
      documents.map(({ name }) => toStorableText(name)),
      documents.map(({ title }) => toStorableText(title)),
      documents.map(({ hash }) => toStorableText(hash)),
      documents.map(({ metadata }) => toStorableJson(metadata)),
    ],
  )
}

export async function insertChunks(
  transaction: Queryable,
  firstKey: number,
  chunks: readonly IndexedChunk[],
): Promise<void> {
  await transaction.query(
    `insert into rag_chunks (key, id, document, title, headings, body, tokens, ordinal, length)
     select key, id, document, title, headings::jsonb, body, tokens, ordinal, length from unnest(
       $1::integer[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[], $9::double precision[]
     ) as new(key, id, document, title, headings, body, tokens, ordinal, length)`,
    [
      chunks.map((_, index) => firstKey + index),
      chunks.map(({ id }) => id),
      chunks.map(({ document }) => toStorableText(document)),
      chunks.map(({ title }) => toStorableText(title)),
      chunks.map(({ headings }) => toStorableJson(headings)),
      chunks.map(({ text }) => toStorableText(text)),
      chunks.map(({ tokens }) => tokens),
      chunks.map(({ ordinal }) => ordinal),
      chunks.map(({ length }) => length),
    ],
  )
}

/** Deletes chunks of documents with their postings and, by foreign key, their vectors; updates the totals. */
export async function removeChunks(transaction: Queryable, names: readonly string[]): Promise<void> {
  const gone = await transaction.query<{ key: number; length: number }>(
    'delete from rag_chunks where document = any($1::text[]) returning key, length',
    [names.map(toStorableText)],
  )
  if (gone.length === 0) return
  await transaction.query('delete from rag_postings where chunk = any($1::integer[])', [
    gone.map(({ key }) => key),
  ])
  await transaction.query(
    `update rag_totals set
       chunks = chunks - $1::integer,
       length = length - (select sum(removed::numeric) from unnest($2::double precision[]) as removed)`,
    [gone.length, gone.map(({ length }) => length)],
  )
}

export async function removeRecords(transaction: Queryable, names: readonly string[]): Promise<void> {
  await transaction.query('delete from rag_documents where name = any($1::text[])', [
    names.map(toStorableText),
  ])
}
