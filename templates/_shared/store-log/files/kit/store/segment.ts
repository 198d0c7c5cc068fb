import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Chunk } from '#kit/retrieval/chunk'
import { toStorableJson, toStorableTerms } from '#kit/store/storable'
import { type DocumentRecord, type IndexedDocument, StoreError } from '#kit/store/store'
import { hashTags, toStorableMetadata } from './tags.ts'
import { scaleToUnit } from './unit-vectors.ts'
import type { TaggedVector } from './vector-database.ts'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** One change of the index: the documents added, whole, and the names removed. Written once, never edited. */
export interface Segment {
  documents: KeptDocument[]
  removed: string[]
}

export interface KeptDocument {
  document: DocumentRecord
  chunks: KeptChunk[]
}

/** A chunk without its vector, which is stored under a separate key. */
export interface KeptChunk extends Chunk {
  vector: string
  terms: [term: string, frequency: number][]
  length: number
}

/** Builds a segment and its vectors, which have the keys `<id>-0`, `<id>-1`, … */
export function buildSegment(
  id: string,
  documents: readonly IndexedDocument[],
): { segment: Segment; vectors: TaggedVector[] } {
  const vectors: TaggedVector[] = []
  const kept = documents.map(({ document, chunks }) => {
    const tags = hashTags(toStorableMetadata(document.metadata))
    const withKeys = chunks.map(({ terms, embedding, ...chunk }) => {
      const key = `${id}-${vectors.length}`
      vectors.push({ key, tags, values: scaleToUnit(embedding) })
      return { ...chunk, terms: [...toStorableTerms(terms)], vector: key }
    })
    return { document, chunks: withKeys }
  })
  return { segment: { documents: kept, removed: [] }, vectors }
}

/** A segment as every store would keep it, so that memory holds what will be read back. */
export function toStored(segment: Segment): Segment {
  return JSON.parse(toStorableJson(segment)) as Segment
}

/**
 * Compresses a segment, and cuts its base64 into texts of at most `limit` characters: services limit the size
 * of an entry, and count bytes after they escape it. A third of the size also opens in a third of the time.
 */
export async function encodeParts(id: string, segment: Segment, limit: number): Promise<Map<string, string>> {
  const text = (await deflate(toStorableJson(segment))).toString('base64')
  const parts = Array.from({ length: Math.ceil(text.length / limit) }, (_, part) =>
    text.slice(part * limit, (part + 1) * limit),
  )
  return new Map(parts.map((part, number) => [toPartKey(id, number), part]))
}

export function toPartKey(id: string, number: number): string {
  return `${id}.${number}`
}

/** Decodes a segment. Throws a StoreError if this program did not write it. */
export async function readSegment(parts: readonly string[], name: string): Promise<Segment> {
  try {
    const segment = JSON.parse(String(await inflate(Buffer.from(parts.join(''), 'base64')))) as Segment
    if (Array.isArray(segment.documents) && Array.isArray(segment.removed)) return segment
    throw new Error('no segment')
  } catch (error) {
    throw new StoreError(`The index in ${name} is damaged`, 'Rebuild it: npm run ingest -- --rebuild DOCS', {
      cause: error,
    })
  }
}
