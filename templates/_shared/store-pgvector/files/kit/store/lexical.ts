import { toStorableJson, toStorableTerms, toTermKey } from '#kit/store/storable'
import type { Hit, IndexedChunk, SearchOptions } from '#kit/store/store'
import type { Queryable } from './database.ts'
import { HIT_COLUMNS, type HitRow, parseHit } from './rows.ts'

/** Inserts the terms of chunks, whose keys start at `firstKey`. */
export async function insertPostings(
  transaction: Queryable,
  firstKey: number,
  chunks: readonly IndexedChunk[],
): Promise<void> {
  const terms: string[] = []
  const keys: number[] = []
  const frequencies: number[] = []
  const lengths: number[] = []
  for (const [index, chunk] of chunks.entries())
    for (const [term, frequency] of toStorableTerms(chunk.terms)) {
      terms.push(term)
      keys.push(firstKey + index)
      frequencies.push(frequency)
      lengths.push(chunk.length)
    }
  await transaction.query(
    `insert into rag_postings (term, chunk, frequency, length)
     select * from unnest($1::text[], $2::integer[], $3::real[], $4::real[])`,
    [terms, keys, frequencies, lengths],
  )
}

/**
 * BM25 with k1 = 1.2, b = 0.75 and idf = ln(1 + (N - df + 0.5) / (df + 0.5)). Every number is read at search
 * time. So a changed document changes only its own rows and one row of totals, and the scores are those of a
 * new index.
 *
 * A term's share of the score is rounded to whole ten-millionths: the order does not change the sum of whole
 * numbers, so equal chunks tie on every machine. `with ties` keeps the chunks that tie with the last one,
 * until their ids are known. `offset 0` keeps the planner from merging the terms with the whole table, which
 * it tends to do without statistics.
 */
const composeLexicalSql = (filter: string) => `
  with weights as materialized (
    select term, ln(1 + (chunks - df + 0.5) / (df + 0.5)) as idf, 1.2 * 0.75 * chunks / length as slope
    from unnest($1::text[]) as asked(term),
    lateral (select count(*)::double precision as df from rag_postings p where p.term = asked.term) as counted,
    lateral (
      select chunks, nullif(length, 0)::double precision as length from rag_totals limit 1
    ) as totals
  ), scored as (
    select chunk, sum((1e7 * idf * 2.2 * frequency / (frequency + 0.3 + slope * length))::integer) as score
    from weights,
    lateral (select chunk, frequency, length from rag_postings p where p.term = weights.term offset 0) as posting
    ${filter} group by chunk
  ), best as (
    select chunk, score from scored order by score desc fetch first ($2::integer) rows with ties
  )
  select ${HIT_COLUMNS}, best.score / 1e7::double precision as score
  from best join rag_chunks c on c.key = best.chunk join rag_documents d on d.name = c.document
  order by best.score desc, c.id limit $2::integer`

const SEARCH = composeLexicalSql('')
const FILTERED = composeLexicalSql(`
    where chunk in (
      select key from rag_chunks join rag_documents on name = document where metadata @> $3::jsonb
    )`)

export async function searchWords(
  database: Queryable,
  terms: readonly string[],
  { limit, filter }: SearchOptions,
): Promise<Hit[]> {
  const asked = [...new Set(terms.map(toTermKey))]
  const rows = filter?.metadata
    ? await database.query<HitRow>(FILTERED, [asked, limit, toStorableJson(filter.metadata)])
    : await database.query<HitRow>(SEARCH, [asked, limit])
  return rows.map(parseHit)
}

/** The number of chunks, and how many of them contain each term. */
export async function readTermStatistics(
  database: Queryable,
  terms: readonly string[],
): Promise<{ chunks: number; frequencies: Map<string, number> }> {
  const asked = [...new Set(terms)]
  const rows = await database.query<{ chunks: number; place: number | null; frequency: number }>(
    `select chunks, place::integer, (select count(*)::integer from rag_postings p where p.term = asked.term) as frequency
     from rag_totals left join unnest($1::text[]) with ordinality as asked(term, place) on true
     order by place`,
    [asked.map(toTermKey)],
  )
  return {
    chunks: rows[0]?.chunks ?? 0,
    frequencies: new Map(asked.map((term, index) => [term, rows[index]?.frequency ?? 0])),
  }
}
