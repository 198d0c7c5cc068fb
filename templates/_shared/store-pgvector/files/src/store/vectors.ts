import type { Database, Queryable } from './database.ts'
import { MAX_HALFVEC, MAX_VECTOR } from './pgvector.ts'
import { HIT_COLUMNS, type HitRow, storableJson, toHit } from './rows.ts'
import {
  type EmbeddingIdentity,
  type Hit,
  type IndexedChunk,
  type SearchOptions,
  StoreError,
} from './store.ts'

/** Up to here every vector is compared. */
export const EXACT_ROWS = 10_000

/** What the store asks of its vectors; the rest of it knows nothing about them. */
export interface VectorIndex {
  /** Throws a `StoreError` for a vector that cannot be compared. */
  check(chunks: readonly IndexedChunk[]): void
  insert(transaction: Queryable, firstKey: number, chunks: readonly IndexedChunk[]): Promise<void>
  nearest(embedding: readonly number[], options: SearchOptions): Promise<Hit[]>
  optimise(): Promise<void>
}

export function pgvectorIndex(database: Database, { dimensions }: EmbeddingIdentity): VectorIndex {
  const approximate = approximateSearch(dimensions)
  return {
    check(chunks) {
      for (const { id, document, embedding } of chunks)
        checkVector(embedding, dimensions, `chunk ${id} of ${document}`)
    },
    async insert(transaction, firstKey, chunks) {
      await transaction.query(
        `insert into rag_vectors (chunk, embedding)
         select chunk, embedding::vector from unnest($1::integer[], $2::text[]) as new(chunk, embedding)`,
        [chunks.map((_, index) => firstKey + index), chunks.map(({ embedding }) => literal(embedding))],
      )
    },
    async nearest(embedding, { limit, filter }) {
      // Nothing points the way that nothing points.
      if (embedding.every((value) => value === 0)) return []
      checkVector(embedding, dimensions, 'the question')
      return database.transaction(async (transaction) => {
        const wanted = filter?.metadata && storableJson(filter.metadata)
        const parameters = [literal(embedding), limit, ...(wanted ? [wanted] : [])]
        const isIndexed = await configure(transaction, limit)
        const few = wanted !== undefined && (await matching(transaction, wanted)) <= EXACT_ROWS
        const sql = isIndexed && !few ? approximate : EXACT
        const rows = await transaction.query<HitRow>(wanted ? sql.filtered : sql.plain, parameters)
        return rows.map(toHit)
      })
    },
    async optimise() {
      await database.transaction((transaction) => fitIndex(transaction, dimensions))
      await database.query('vacuum (analyze) rag_vectors')
    },
  }
}

const FROM_CHUNKS =
  'rag_vectors v join rag_chunks c on c.key = v.chunk join rag_documents d on d.name = c.document'
const FILTER = 'where d.metadata @> $3::jsonb'

/** `$1` the vector, `$2` the limit. The nearest with all that are as near as the last of them, then by chunk id. */
const search = (nearest: string) => `
  with nearest as materialized (${nearest})
  select ${HIT_COLUMNS}, round((1 - distance) * 1e6) / 1e6 as score
  from nearest join rag_chunks c on c.key = nearest.chunk join rag_documents d on d.name = c.document
  order by distance, c.id limit $2::integer`

/** Distances are of 32-bit sums: rounded to what they are good for, equal ones are equal on every machine. An index cannot serve this order. */
const exactly = (from: string, where: string) =>
  search(`
    select v.chunk, round((v.embedding <=> $1::vector) * 1e6) / 1e6 as distance
    from ${from} ${where} order by distance fetch first ($2::integer) rows with ties`)

const EXACT = { plain: exactly('rag_vectors v', ''), filtered: exactly(FROM_CHUNKS, FILTER) }

/** The expression has to be the one that was indexed. */
function approximateSearch(dimensions: number): { plain: string; filtered: string } {
  const distance = `${indexed(dimensions)} <=> $1::${typeFor(dimensions)}(${dimensions})`
  const nearly = (from: string, where: string) =>
    search(`
      select v.chunk, ${distance} as distance
      from ${from} ${where} order by ${distance} fetch first ($2::integer) rows with ties`)
  return { plain: nearly('rag_vectors v', ''), filtered: nearly(FROM_CHUNKS, FILTER) }
}

function typeFor(dimensions: number): 'vector' | 'halfvec' {
  return dimensions > MAX_VECTOR ? 'halfvec' : 'vector'
}

function indexed(dimensions: number): string {
  return dimensions > MAX_VECTOR ? `(embedding::halfvec(${dimensions}))` : 'embedding'
}

/** Settings for an approximate search in this transaction. Says whether there is an index to search. */
async function configure(transaction: Queryable, limit: number): Promise<boolean> {
  const [row] = await transaction.query<{ indexed: boolean }>(
    `select set_config('hnsw.iterative_scan', 'strict_order', true),
            set_config('hnsw.ef_search', $1, true),
            exists (${HNSW}) as indexed`,
    [String(Math.min(1_000, Math.max(40, 2 * limit)))],
  )
  return row?.indexed ?? false
}

const HNSW = `select from pg_index where indrelid = 'rag_vectors'::regclass and not indisprimary and indisvalid`

async function matching(transaction: Queryable, metadata: string): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `select count(*)::integer as count from rag_chunks join rag_documents on name = document where metadata @> $1::jsonb`,
    [metadata],
  )
  return row?.count ?? 0
}

async function fitIndex(transaction: Queryable, dimensions: number): Promise<void> {
  const [row] = await transaction.query<{ chunks: number; indexed: boolean }>(
    // Locked: no writer comes between the count and the index.
    `select chunks, exists (${HNSW}) as indexed from rag_totals for update`,
  )
  if (!row) return
  const wanted = row.chunks > EXACT_ROWS && dimensions <= MAX_HALFVEC
  if (row.indexed && !wanted) await transaction.query('drop index rag_vectors_hnsw')
  if (row.indexed || !wanted) return
  await transaction.query(
    `create index rag_vectors_hnsw on rag_vectors using hnsw (${indexed(dimensions)} ${typeFor(dimensions)}_cosine_ops)`,
  )
}

function checkVector(embedding: readonly number[], dimensions: number, whose: string): void {
  const hint = 'Look at the embedding model: it gave something that has no direction.'
  if (embedding.length !== dimensions)
    throw new StoreError(
      `The embedding of ${whose} has ${embedding.length} dimensions; the index has ${dimensions}`,
      'Ingest again with the model that this index is to have.',
    )
  const norm = Math.hypot(...embedding)
  if (!Number.isFinite(norm))
    throw new StoreError(`The embedding of ${whose} has a value that is not a number`, hint)
  if (norm === 0) throw new StoreError(`The embedding of ${whose} is all zeros`, hint)
}

function literal(embedding: readonly number[]): string {
  return `[${embedding.join()}]`
}
