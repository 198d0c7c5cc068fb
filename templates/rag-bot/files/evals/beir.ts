import { UsageError } from '#kit/console/errors'
import { parseArguments } from '#kit/console/options'
import { type Io, note, write } from '#kit/console/process'
import { renderMarkdownTable } from '#kit/evals/print'
import { countTerms, toEmbeddingText } from '#kit/retrieval/fields'
import { extractTerms } from '#kit/retrieval/terms'
import { Bm25Index, type TermCounts } from '../src/bm25.ts'
import { chunkDocument } from '../src/chunk.ts'
import { type Retriever, retrieve } from '../src/retrieve.ts'
import { type Strategy, settings } from '../src/settings.ts'
import { type BeirSet, readBeir } from './beir-set.ts'
import { openInMemory } from './sample.ts'

const STRATEGIES: readonly Strategy[] = ['bm25', 'lexical', 'vector', 'hybrid']
const BATCH = 100 // documents whose vectors are asked for together

/**
 * Scores a public retrieval set with the retrieval that the bot uses, by nDCG@10 and recall@10 over
 * documents.
 */
export async function scoreBeir(args: readonly string[], io: Io): Promise<void> {
  const { values } = parseArguments(args, { beir: { type: 'string' }, suite: { type: 'string' } })
  if (!values.beir) throw new UsageError('--beir wants a folder in BEIR format')
  const set = await readBeir(values.beir)
  const retriever = await openInMemory()
  try {
    await indexSet(set, retriever, io)
    const rows: string[][] = [scorePlainBm25(set)]
    for (const strategy of STRATEGIES) {
      note(io, `${strategy}: ${set.queries.length} queries`)
      rows.push([strategy, ...(await scoreStrategy(set, retriever, strategy, io.signal))])
    }
    const title = `# ${values.beir}: ${set.corpus.length} documents, ${set.queries.length} queries, vectors by ${retriever.embedder.modelId}`
    await write(io.stdout, `${title}\n\n${renderMarkdownTable(['strategy', 'nDCG@10', 'recall@10'], rows)}\n`)
  } finally {
    await retriever.store.close()
  }
}

async function indexSet({ corpus }: BeirSet, { store, embedder }: Retriever, io: Io): Promise<void> {
  for (let start = 0; start < corpus.length; start += BATCH) {
    const batch = corpus.slice(start, start + BATCH).map(({ id, title, text }) => {
      return { id, title, chunks: chunkDocument({ name: id, title, text }, settings.chunkSize) }
    })
    const vectors = await embedder.embed(
      batch.flatMap(({ chunks }) => chunks.map(toEmbeddingText)),
      io.signal,
    )
    let used = 0
    const indexed = batch.map(({ id, title, chunks }) => {
      const own = chunks.map((chunk) => {
        const { counts, length } = countTerms(chunk)
        return { ...chunk, terms: counts, length, embedding: vectors[used++] ?? [] }
      })
      return { document: { name: id, title, hash: '', metadata: {} }, chunks: own }
    })
    await store.replaceDocuments(indexed)
    note(io, `${Math.min(start + BATCH, corpus.length)} of ${corpus.length} documents`)
  }
  await store.optimise()
}

/** For comparison: BM25 over whole documents, title and text as one. */
function scorePlainBm25(set: BeirSet): string[] {
  const bm25 = new Bm25Index()
  for (const { title, text } of set.corpus) bm25.add(countWords(`${title} ${text}`))
  const ranked = (question: string) =>
    bm25.search(extractTerms(question), 10).map((hit) => set.corpus[hit.text]?.id ?? '')
  const scores = set.queries.map(({ id, text }) =>
    scoreOne(ranked(text), set.judgements.get(id) ?? new Map()),
  )
  return ['BM25 over whole documents', ...formatMeans(scores)]
}

function countWords(text: string): TermCounts {
  const terms = extractTerms(text)
  const counts = new Map<string, number>()
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  return { counts, length: terms.length }
}

/** A document is ranked by its best chunk. */
async function scoreStrategy(
  { queries, judgements }: BeirSet,
  retriever: Retriever,
  strategy: Strategy,
  signal: AbortSignal,
): Promise<string[]> {
  const scores: Score[] = []
  for (const { id, text } of queries) {
    const { hits } = await retrieve(retriever, {
      question: text,
      strategy,
      limit: 10,
      perDocument: 1,
      signal,
    })
    scores.push(
      scoreOne(
        hits.map(({ chunk }) => chunk.document),
        judgements.get(id) ?? new Map(),
      ),
    )
  }
  return formatMeans(scores)
}

interface Score {
  ndcg: number
  recall: number
}

/**
 * Gains as judged, discounted by log2(rank + 1), over the best that is possible; and the share of what is
 * relevant.
 */
function scoreOne(ranking: readonly string[], gains: ReadonlyMap<string, number>): Score {
  const best = [...gains.values()].sort((a, b) => b - a).slice(0, 10)
  return {
    ndcg: discountGains(ranking.map((document) => gains.get(document) ?? 0)) / discountGains(best),
    recall: ranking.filter((document) => gains.has(document)).length / gains.size,
  }
}

function formatMeans(scores: readonly Score[]): string[] {
  const mean = (pick: (score: Score) => number) =>
    scores.reduce((sum, score) => sum + pick(score), 0) / scores.length
  return [mean(({ ndcg }) => ndcg).toFixed(3), mean(({ recall }) => recall).toFixed(3)]
}

function discountGains(gains: readonly number[]): number {
  return gains.reduce((sum, gain, rank) => sum + gain / Math.log2(rank + 2), 0)
}
