import { createHash } from 'node:crypto'
import type { Ingested, IngestOptions } from '#kit/bot/contract'
import { findGone, mapAhead } from '#kit/bot/sync'
import { readDocument, type SourceDocument } from '#kit/documents/document'
import type { DocumentList } from '#kit/documents/list-documents'
import type { Embedder } from '#kit/embeddings/open'
import { BadFile } from '#kit/files/file'
import { countTerms, toEmbeddingText } from '#kit/retrieval/fields'
import type { IndexedChunk, IndexedDocument } from '#kit/store/store'
import { type Chunk, type ChunkSize, chunkDocument } from './chunk.ts'
import { settings } from './settings.ts'

/** Raise it when chunking or indexing changes: every document is then indexed again. */
const FORMAT = 1
/** Documents that are embedded while others are written. */
const AHEAD = 4
/** Chunks per transaction: a transaction costs more than its content. A killed run loses no more than one. */
const WRITTEN_TOGETHER = 256

type Options = IngestOptions & { chunkSize?: ChunkSize }

/**
 * Syncs an index with a folder: indexes new and changed documents, removes those that are gone, and leaves
 * the rest alone. Each document is written whole, so that the next run finishes one that was killed. Throws
 * what the store and the provider layer throw, and an `InputError` for a folder without most of what is
 * indexed.
 */
export async function ingest(folder: DocumentList, options: Options): Promise<Ingested> {
  const { store, signal, onProgress } = options
  const known = await store.documents()
  const gone = findGone(folder, [...known.keys()], store.name)
  const skipped = folder.skipped.map(({ name, why }) => `${name}: ${why}`)
  const result = { indexed: 0, unchanged: 0, removed: gone.length, chunks: 0, skipped }
  let done = 0
  let batch: IndexedDocument[] = []
  const write = async () => {
    await store.replaceDocuments(batch)
    result.indexed += batch.length
    result.chunks += countChunks(batch)
    batch = []
  }

  const prepare = (name: string) => prepareDocument(folder.root, name, known.get(name)?.hash, options)
  for await (const prepared of mapAhead(folder.names, AHEAD, prepare)) {
    signal.throwIfAborted()
    switch (prepared.kind) {
      case 'unchanged':
        result.unchanged += 1
        break
      case 'skipped':
        result.skipped.push(`${prepared.name}: ${prepared.why}`)
        break
      case 'changed':
        batch.push(prepared.indexed)
        if (countChunks(batch) >= WRITTEN_TOGETHER) await write()
        break
      default:
        prepared satisfies never
    }
    done += 1
    onProgress({ done, total: folder.names.length, chunks: result.chunks, name: prepared.name })
  }
  await write()
  await store.removeDocuments(gone)
  await store.optimise()
  return result
}

type Prepared = { name: string } & (
  | { kind: 'unchanged' }
  | { kind: 'skipped'; why: string }
  | { kind: 'changed'; indexed: IndexedDocument }
)

/** Reads, chunks and embeds a document, unless the index has its hash. */
async function prepareDocument(
  root: string,
  name: string,
  indexedHash: string | undefined,
  { embedder, signal, chunkSize = settings.chunkSize }: Options,
): Promise<Prepared> {
  try {
    const document = await readDocument(root, name, signal)
    const { title, metadata } = document
    const hash = hashDocument(document, chunkSize, embedder)
    if (hash === indexedHash) return { name, kind: 'unchanged' }
    const chunks = await indexChunks(chunkDocument(document, chunkSize), embedder, signal)
    return { name, kind: 'changed', indexed: { document: { name, title, hash, metadata }, chunks } }
  } catch (error) {
    if (error instanceof BadFile) return { name, kind: 'skipped', why: error.message }
    throw error
  }
}

/** Hashes everything that decides how a document is indexed. */
function hashDocument(
  { title, metadata, text }: SourceDocument,
  size: ChunkSize,
  { modelId, dimensions }: Embedder,
): string {
  const decisive = { FORMAT, size, modelId, dimensions, title, metadata, text }
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex')
}

/** Adds to each chunk what search needs: its term counts and its vector. */
async function indexChunks(
  chunks: readonly Chunk[],
  embedder: Embedder,
  signal: AbortSignal,
): Promise<IndexedChunk[]> {
  const embeddings = chunks.length === 0 ? [] : await embedder.embed(chunks.map(toEmbeddingText), signal)
  return chunks.map((chunk, index) => {
    const { counts, length } = countTerms(chunk)
    return { ...chunk, terms: counts, length, embedding: embeddings[index] ?? [] }
  })
}

function countChunks(documents: readonly IndexedDocument[]): number {
  return documents.reduce((sum, { chunks }) => sum + chunks.length, 0)
}
