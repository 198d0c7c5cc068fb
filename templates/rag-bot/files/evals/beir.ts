import { UsageError } from '../src/console/errors.ts'
import { parseArguments } from '../src/console/options.ts'
import { type Io, note, write } from '../src/console/process.ts'
import { markdownTable } from '../src/evals/print.ts'
import { chunkDocument } from '../src/retrieval/chunk.ts'
import { embeddedText, termCounts } from '../src/retrieval/fields.ts'
import { type Retriever, retrieve } from '../src/retrieve.ts'
import { type Strategy, settings } from '../src/settings.ts'
import { type BeirSet, readBeir } from './beir-set.ts'
import { openInMemory } from './sample.ts'

const STRATEGIES: readonly Strategy[] = ['bm25', 'lexical', 'vector', 'hybrid']
const BATCH = 100 // documents whose vectors are asked for together

/** Scores a public retrieval set with the retrieval that the bot uses, by nDCG@10 and recall@10 over documents. */
export async function scoreBeir(args: readonly string[], io: Io): Promise<void> {
  const { values } = parseArguments(args, { beir: { type: 'string' }, suite: { type: 'string' } })
  if (!values.beir) throw new UsageError('--beir wants a folder in BEIR format')
  const set = await readBeir(values.beir)
  const retriever = await openInMemory()
  try {
    await index(set, retriever, io)
    const rows = []
    for (const strategy of STRATEGIES) {
      note(io, `${strategy}: ${set.queries.length} queries`)
      rows.push([
        strategy,
        ...(await score(set, retriever, strategy, io.signal)).map((value) => value.toFixed(3)),
      ])
    }
    const title = `# ${values.beir}: ${set.corpus.length} documents, ${set.queries.length} queries, vectors by ${retriever.embedder.modelId}`
    await write(io.stdout, `${title}\n\n${markdownTable(['strategy', 'nDCG@10', 'recall@10'], rows)}\n`)
  } finally {
    await retriever.store.close()
  }
}

async function index({ corpus }: BeirSet, { store, embedder }: Retriever, io: Io): Promise<void> {
  for (let start = 0; start < corpus.length; start += BATCH) {
    const batch = corpus.slice(start, start + BATCH).map(({ id, title, text }) => {
      return { id, title, chunks: chunkDocument({ name: id, title, text }, settings.chunkSize) }
    })
    const vectors = await embedder.embed(
      batch.flatMap(({ chunks }) => chunks.map(embeddedText)),
      io.signal,
    )
    let used = 0
    const indexed = batch.map(({ id, title, chunks }) => {
      const own = chunks.map((chunk) => {
        const { counts, length } = termCounts(chunk)
        return { ...chunk, terms: counts, length, embedding: vectors[used++] ?? [] }
      })
      return { document: { name: id, title, hash: '', metadata: {} }, chunks: own }
    })
    await store.replaceDocuments(indexed)
    note(io, `${Math.min(start + BATCH, corpus.length)} of ${corpus.length} documents`)
  }
  await store.optimise()
}

/** A document is ranked by its best chunk. Gains as judged, discounted by log2(rank + 1). */
async function score(
  { queries, judgements }: BeirSet,
  retriever: Retriever,
  strategy: Strategy,
  signal: AbortSignal,
): Promise<[ndcg: number, recall: number]> {
  let [ndcg, recall] = [0, 0]
  for (const { id, text } of queries) {
    const { hits } = await retrieve(retriever, {
      question: text,
      strategy,
      limit: 10,
      perDocument: 1,
      signal,
    })
    const gains = judgements.get(id) ?? new Map<string, number>()
    const best = [...gains.values()].sort((a, b) => b - a).slice(0, 10)
    ndcg += discounted(hits.map(({ chunk }) => gains.get(chunk.document) ?? 0)) / discounted(best)
    recall += hits.filter(({ chunk }) => gains.has(chunk.document)).length / gains.size
  }
  return [ndcg / queries.length, recall / queries.length]
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, rank) => sum + gain / Math.log2(rank + 2), 0)
}
