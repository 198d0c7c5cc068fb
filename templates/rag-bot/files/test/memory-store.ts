import { Bm25Index } from '#kit/retrieval/bm25'
import type { DocumentRecord, Filter, Hit, IndexedChunk, Store } from '#kit/store/store'

/** A store in a few lines, for tests of what stands on one: everything is searched, nothing is kept. */
export function memoryStore(): Store {
  const documents = new Map<string, DocumentRecord>()
  const chunks = new Map<string, readonly IndexedChunk[]>()
  const all = () => [...documents.keys()].flatMap((name) => chunks.get(name) ?? [])
  const matching = (filter: Filter = {}) =>
    all().filter(({ document }) => {
      const metadata = documents.get(document)?.metadata ?? {}
      return Object.entries(filter.metadata ?? {}).every(([key, value]) => metadata[key] === value)
    })
  const hit = ({ terms: _, length: __, embedding: ___, ...chunk }: IndexedChunk, score: number): Hit => {
    return { chunk: { ...chunk, metadata: documents.get(chunk.document)?.metadata ?? {} }, score }
  }
  const indexOf = (some: readonly IndexedChunk[]) => {
    const index = new Bm25Index()
    for (const { terms, length } of some) index.add({ counts: terms, length })
    return index
  }
  return {
    name: 'memory',
    documents: async () => new Map(documents),
    async replaceDocuments(several) {
      for (const { document, chunks: own } of several) {
        documents.set(document.name, document)
        chunks.set(document.name, own)
      }
    },
    async removeDocuments(names) {
      for (const name of names) documents.delete(name)
    },
    optimise: async () => {},
    async lexical(terms, { limit, filter }) {
      const ids = new Set(matching(filter).map(({ id }) => id))
      const some = all()
      const hits = indexOf(some)
        .search(terms, some.length)
        .flatMap(({ text, score }) => {
          const chunk = some[text]
          return chunk && ids.has(chunk.id) ? [hit(chunk, score)] : []
        })
      return sorted(hits).slice(0, limit)
    },
    async nearest(embedding, { limit, filter }) {
      const cosine = (chunk: IndexedChunk) =>
        chunk.embedding.reduce((sum, value, place) => sum + value * (embedding[place] ?? 0), 0)
      return sorted(matching(filter).map((chunk) => hit(chunk, cosine(chunk)))).slice(0, limit)
    },
    async statistics(terms) {
      const index = indexOf(all())
      return { chunks: index.size, frequencies: new Map(terms.map((term) => [term, index.frequency(term)])) }
    },
    close: async () => {},
  }
}

function sorted(hits: readonly Hit[]): Hit[] {
  return [...hits].sort((a, b) => b.score - a.score || (a.chunk.id < b.chunk.id ? -1 : 1))
}
