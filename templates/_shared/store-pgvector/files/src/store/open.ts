import type { Database } from './database.ts'
import {
  checkDocument,
  insertChunks,
  listDocuments,
  removeChunks,
  removeRecords,
  replaceRecord,
  reserveKeys,
} from './documents.ts'
import { checkIdentity } from './identity.ts'
import { insertPostings, searchLexical, termStatistics } from './lexical.ts'
import { migrate } from './migrations.ts'
import { openPglite, openPgliteInMemory } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import type { EmbeddingIdentity, Store } from './store.ts'
import { pgvectorIndex, type VectorIndex } from './vectors.ts'

export interface OpenStoreOptions {
  /** `DATABASE_URL`: a PostgreSQL server to use instead of the directory. */
  env: Record<string, string | undefined>
  /** Where the embedded database keeps its files; undefined: in memory, gone when it is closed. */
  directory: string | undefined
  embedding: EmbeddingIdentity
  /** Drops what is there first: for another embedder, or to start anew. */
  rebuild?: boolean
}

/** Opens the index, made or brought up to date as needed. Close it: it keeps the process alive. */
export async function openStore({ env, directory, ...options }: OpenStoreOptions): Promise<Store> {
  const url = env['DATABASE_URL']?.trim()
  const database = url ? await openPostgres(url) : await openEmbedded(directory)
  try {
    return await openStoreIn(database, options)
  } catch (error) {
    await database.close()
    throw error
  }
}

function openEmbedded(directory: string | undefined): Promise<Database> {
  return directory === undefined ? openPgliteInMemory() : openPglite(directory)
}

export async function openStoreIn(
  database: Database,
  { embedding, rebuild = false }: Pick<OpenStoreOptions, 'embedding' | 'rebuild'>,
): Promise<Store> {
  await migrate(database, { embedding, rebuild })
  await checkIdentity(database, database.name, embedding)
  return storeOf(database, pgvectorIndex(database, embedding))
}

export function storeOf(database: Database, vectors: VectorIndex): Store {
  return {
    name: database.name,
    documents: () => listDocuments(database),
    async replaceDocument(document, chunks) {
      checkDocument(document, chunks)
      await database.transaction(async (transaction) => {
        const firstKey = await reserveKeys(transaction, chunks)
        await removeChunks(transaction, [document.name])
        await replaceRecord(transaction, document)
        await insertChunks(transaction, firstKey, chunks)
        await insertPostings(transaction, firstKey, chunks)
        await vectors.insert(transaction, firstKey, chunks)
      })
    },
    async removeDocuments(names) {
      await database.transaction(async (transaction) => {
        await reserveKeys(transaction, [])
        await removeChunks(transaction, names)
        await removeRecords(transaction, names)
      })
    },
    async optimise() {
      await vectors.optimise()
      await database.query('vacuum (analyze) rag_documents, rag_chunks, rag_postings')
    },
    lexical: (terms, options) => searchLexical(database, terms, options),
    nearest: (embedding, options) => vectors.nearest(embedding, options),
    statistics: (terms) => termStatistics(database, terms),
    close: () => database.close(),
  }
}
