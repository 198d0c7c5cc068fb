import { checkVector, checkVectors } from '#kit/store/checks'
import { toStorableJson } from '#kit/store/storable'
import type { EmbeddingIdentity, Hit, IndexedChunk, SearchOptions } from '#kit/store/store'
import type { Database, Queryable } from './database.ts'
import { MAX_HALFVEC, MAX_VECTOR } from './pgvector.ts'
import { HIT_COLUMNS, type HitRow, parseHit } from './rows.ts'

/**
 * Up to this many vectors, a search compares them all. With 1,024 dimensions, PGlite takes 70 ms to compare
 * 10,000 of them. An index over them takes 25 s of processor time to build, which is more than the rest of an
 * ingest. Above this, the time of a scan grows with the corpus, and that of an index hardly does.
 */
export const EXACT_ROWS = 10_000

/**
 * How many candidates an approximate search keeps. Of the 100 nearest hashed vectors that a full scan finds,
 * 100 candidates find 97 to 98, and the default of 40 finds 95.
 */
const EF_SEARCH = 100

/** What the store needs from its vectors; the rest of the store knows nothing about them. */
export interface VectorIndex {
  /** Throws a StoreError if a vector can't be compared. */
  check(chunks: readonly IndexedChunk[]): void
  insert(transaction: Queryable, firstKey: number, chunks: readonly IndexedChunk[]): Promise<void>
  nearest(embedding: readonly number[], options: SearchOptions): Promise<Hit[]>
  optimise(): Promise<void>
}

/** `exactRows`: up to this many candidates, a search compares every vector instead of asking an index. */
export function createPgvectorIndex(
  database: Database,
  { dimensions }: EmbeddingIdentity,
  exactRows = EXACT_ROWS,
): VectorIndex {
  const approximate = createApproximateSearch(dimensions)
  return {
    check: (chunks) => checkVectors(chunks, dimensions),
    async insert(transaction, firstKey, chunks) {
      await transaction.query(
        `insert into rag_vectors (chunk, embedding)
         select chunk, embedding::vector from unnest($1::integer[], $2::text[]) as new(chunk, embedding)`,
        [
          chunks.map((_, index) => firstKey + index),
          chunks.map(({ embedding }) => toVectorLiteral(embedding)),
        ],
      )
    },
    async nearest(embedding, { limit, filter }) {
      if (embedding.every((value) => value === 0)) return []
      checkVector(embedding, dimensions, 'the question')
      const wanted = filter?.metadata && toStorableJson(filter.metadata)
      const parameters = [toVectorLiteral(embedding), limit, ...(wanted ? [wanted] : [])]
      const ask = async (on: Queryable, { plain, filtered }: VectorSearch) =>
        (await on.query<HitRow>(wanted ? filtered : plain, parameters)).map(parseHit)
      if ((await countCandidates(database, wanted)) <= exactRows) return ask(database, EXACT)
      return database.transaction(async (transaction) => {
        await configure(transaction, limit)
        return ask(transaction, approximate)
      })
    },
    async optimise() {
      await database.transaction((transaction) => fitIndex(transaction, dimensions, exactRows))
      await database.query('vacuum (analyze) rag_vectors')
    },
  }
}

/** The statement without a filter, and with one. */
interface VectorSearch {
  plain: string
  filtered: string
}

/** How many vectors a full scan would compare; 0 if there is no index to avoid that. */
async function countCandidates(database: Queryable, metadata: string | undefined): Promise<number> {
  const [row] = metadata
    ? await database.query<{ count: number }>(
        `select count(*)::integer as count from rag_chunks join rag_documents on name = document
         where metadata @> $1::jsonb and exists (${HNSW})`,
        [metadata],
      )
    : await database.query<{ count: number }>(`select chunks as count from rag_totals where exists (${HNSW})`)
  return row?.count ?? 0
}

const HNSW = `select from pg_index where indrelid = 'rag_vectors'::regclass and not indisprimary and indisvalid`

/** `$1` is the vector, `$2` the limit. `nearest` includes all ties of its last row; then chunk ids decide. */
const composeNearestSql = (nearest: string) => `
  with nearest as materialized (${nearest})
  select ${HIT_COLUMNS}, round((1 - distance) * 1e6) / 1e6 as score
  from nearest join rag_chunks c on c.key = nearest.chunk join rag_documents d on d.name = c.document
  order by distance, c.id limit $2::integer`

/**
 * Distances are 32-bit sums. Rounded to their precision, equal ones are equal on every machine. An index
 * can't serve this order.
 */
const composeExactSql = (filter: string) =>
  composeNearestSql(`
    select v.chunk, round((v.embedding <=> $1::vector) * 1e6) / 1e6 as distance
    from rag_vectors v ${filter} order by distance fetch first ($2::integer) rows with ties`)

const EXACT: VectorSearch = {
  plain: composeExactSql(''),
  filtered: composeExactSql(
    `join rag_chunks c on c.key = v.chunk join rag_documents d on d.name = c.document
     where d.metadata @> $3::jsonb`,
  ),
}

/**
 * Orders by exactly the indexed expression, so that the index serves it. `offset 0` runs the filter once for
 * each row that the index returns, nearest first.
 */
function createApproximateSearch(dimensions: number): VectorSearch {
  const distance = `${composeIndexExpression(dimensions)} <=> $1::${chooseVectorType(dimensions)}(${dimensions})`
  const nearly = (filter: string) =>
    composeNearestSql(`
      select v.chunk, ${distance} as distance
      from rag_vectors v ${filter} order by ${distance} fetch first ($2::integer) rows with ties`)
  return {
    plain: nearly(''),
    filtered: nearly(`, lateral (
        select from rag_chunks c join rag_documents d on d.name = c.document
        where c.key = v.chunk and d.metadata @> $3::jsonb offset 0
      ) as allowed`),
  }
}

function chooseVectorType(dimensions: number): 'vector' | 'halfvec' {
  return dimensions > MAX_VECTOR ? 'halfvec' : 'vector'
}

function composeIndexExpression(dimensions: number): string {
  return dimensions > MAX_VECTOR ? `(embedding::halfvec(${dimensions}))` : 'embedding'
}

/**
 * Settings for this transaction. An HNSW scan that is filtered afterwards would return too few rows, so it
 * must go on until there are enough. The planner does not count the cost of vectors stored outside their row
 * (TOAST), and underestimates comparing them all, so `enable_seqscan` is off.
 */
async function configure(transaction: Queryable, limit: number): Promise<void> {
  await transaction.query(
    `select set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', $1, true),
            set_config('enable_seqscan', 'off', true)`,
    [String(Math.min(1_000, Math.max(EF_SEARCH, 2 * limit)))],
  )
}

async function fitIndex(transaction: Queryable, dimensions: number, exactRows: number): Promise<void> {
  const [row] = await transaction.query<{ chunks: number; indexed: boolean }>(
    // Locks the row: no writer comes between the count and the index.
    `select chunks, exists (${HNSW}) as indexed from rag_totals for update`,
  )
  if (!row) return
  const wanted = row.chunks > exactRows && dimensions <= MAX_HALFVEC
  if (row.indexed && !wanted) await transaction.query('drop index rag_vectors_hnsw')
  if (row.indexed || !wanted) return
  await makeRoom(transaction, row.chunks, dimensions)
  await transaction.query(
    `create index rag_vectors_hnsw on rag_vectors using hnsw (${composeIndexExpression(dimensions)} ${chooseVectorType(dimensions)}_cosine_ops)`,
  )
}

/**
 * An index that does not fit into maintenance_work_mem takes several times longer to build. Parallel workers
 * would need as much again in shared memory, of which a container has 64 MB by default.
 */
async function makeRoom(transaction: Queryable, rows: number, dimensions: number): Promise<void> {
  const kilobytes = Math.min(MAX_BUILD_KB, Math.ceil((rows * (4 * dimensions + 1_000)) / 1_024))
  await transaction.query(
    `select set_config('max_parallel_maintenance_workers', '0', true),
            set_config('maintenance_work_mem', greatest(setting::integer, $1::integer)::text, true)
     from pg_settings where name = 'maintenance_work_mem'`,
    [kilobytes],
  )
}

const MAX_BUILD_KB = 1_048_576

function toVectorLiteral(embedding: readonly number[]): string {
  return `[${embedding.join()}]`
}
