import process from 'node:process'
import { loadEnv } from '#kit/console/env'
import { listDocuments } from '#kit/documents/list-documents'
import { type Embedder, openEmbedder } from '#kit/embeddings/open'
import { type Llm, openLlm } from '#kit/llm/model'
import { openStore } from '#kit/store/open'
import { tasks } from '../src/bot.ts'
import type { ChunkSize } from '../src/chunk.ts'
import { hashToVector } from '../src/hashed-vector.ts'
import { ingest } from '../src/ingest.ts'
import type { Retriever } from '../src/retrieve.ts'
import { settings } from '../src/settings.ts'

/** The folder of the documents that both suites ask about, from the root of the repo. */
export const DOCS = 'docs-sample'

/** The paths of documents that a case names, so that editing one changes the case. */
export function listPaths(documents: readonly string[]): string[] {
  return [...new Set(documents)].map((document) => `${DOCS}/${document}`)
}

const readEnv = () => loadEnv(process.cwd(), process.env)
let opened: Promise<Retriever> | undefined
let size: ChunkSize | undefined

/** Indexes the documents of the evals in memory: once per run, and again for another chunk size. */
export async function openSampleIndex(chunkSize: ChunkSize = settings.chunkSize): Promise<Retriever> {
  opened ??= openInMemory()
  const retriever = await opened
  if (size !== chunkSize) {
    size = chunkSize
    opened = fillIndex(retriever, chunkSize)
  }
  return opened
}

export async function openInMemory(): Promise<Retriever> {
  const embedder = await openSampleEmbedder()
  const embedding = { model: embedder.modelId, dimensions: embedder.dimensions }
  return { store: await openStore({ env: {}, directory: undefined, embedding }), embedder }
}

async function fillIndex(retriever: Retriever, chunkSize: ChunkSize): Promise<Retriever> {
  const { signal } = new AbortController()
  const { skipped } = await ingest(await listDocuments(DOCS, signal), {
    ...retriever,
    chunkSize,
    signal,
    onProgress: () => {},
  })
  if (skipped.length > 0) throw new Error(`not all of ${DOCS} can be read: ${skipped[0]}`)
  return retriever
}

function openSampleEmbedder(): Promise<Embedder> {
  return openEmbedder({ env: readEnv(), hashed: hashToVector })
}

/** Identifies the embedding model: retrieval scores belong to it, not to the answering model. */
export async function identifyEmbedder(): Promise<Llm> {
  const { provider, modelId, meter } = await openSampleEmbedder()
  const llm = await openLlm({ env: { AI_PROVIDER: 'heuristic' }, tasks })
  return { ...llm, provider, modelId, meter, deterministic: provider === 'heuristic' }
}
