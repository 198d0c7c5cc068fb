import { unlessAborted } from '#kit/store/abort'
import { checkDocuments } from '#kit/store/checks'
import type { IndexedDocument, Store } from '#kit/store/store'
import type { Database } from './database.ts'
import {
  insertChunks,
  putRecords,
  readDocumentRecords,
  removeChunks,
  removeRecords,
  reserveKeys,
} from './documents.ts'
import { insertPostings, readTermStatistics, searchWords } from './lexical.ts'
import type { VectorIndex } from './vectors.ts'

/** The store over migrated tables. It handles words and documents here, and leaves vectors to `vectors`. */
export function createSqlStore(database: Database, vectors: VectorIndex): Store {
  const replaceDocuments = (documents: readonly IndexedDocument[]) => replace(database, vectors, documents)
  return {
    name: database.name,
    documents: () => readDocumentRecords(database),
    replaceDocuments,
    removeDocuments: (names) => remove(database, names),
    async optimise() {
      await database.checkRoom?.()
      await vectors.optimise()
      // Vacuum, not only analyze: searches can then read vacuumed rows from the index alone.
      await database.query('vacuum (analyze) rag_documents, rag_chunks, rag_postings, rag_totals')
    },
    lexical: (terms, options) => unlessAborted(options, () => searchWords(database, terms, options)),
    nearest: (embedding, options) => unlessAborted(options, () => vectors.nearest(embedding, options)),
    statistics: (terms) => readTermStatistics(database, terms),
    close: () => database.close(),
  }
}

/** Chunks per statement: a whole book in one statement would take many megabytes. */
const SLICE = 200

async function replace(
  database: Database,
  vectors: VectorIndex,
  documents: readonly IndexedDocument[],
): Promise<void> {
  if (documents.length === 0) return
  checkDocuments(documents)
  const records = documents.map(({ document }) => document)
  const chunks = documents.flatMap(({ chunks }) => chunks)
  vectors.check(chunks)
  await database.checkRoom?.()
  await database.transaction(async (transaction) => {
    const firstKey = await reserveKeys(transaction, chunks)
    await removeChunks(
      transaction,
      records.map(({ name }) => name),
    )
    await putRecords(transaction, records)
    for (let start = 0; start < chunks.length; start += SLICE) {
      const slice = chunks.slice(start, start + SLICE)
      await insertChunks(transaction, firstKey + start, slice)
      await insertPostings(transaction, firstKey + start, slice)
      await vectors.insert(transaction, firstKey + start, slice)
    }
  })
}

async function remove(database: Database, names: readonly string[]): Promise<void> {
  await database.transaction(async (transaction) => {
    await reserveKeys(transaction, [])
    await removeChunks(transaction, names)
    await removeRecords(transaction, names)
  })
}
