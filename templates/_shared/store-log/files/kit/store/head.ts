import * as z from 'zod'
import { type EmbeddingIdentity, StoreError } from '#kit/store/store'
import type { VectorDatabase } from './vector-database.ts'

/** Raise it when the format of segments or of the head changes. */
const FORMAT = 1
const KEY = 'head'

const schema = z.object({
  format: z.literal(FORMAT),
  /** Grows with every change. It follows the clock, so that it also grows across a rebuild. */
  version: z.number(),
  /** Random: distinguishes two heads of the same version. */
  by: z.string(),
  embedding: z.object({ model: z.string(), dimensions: z.number() }),
  /** In the order in which they were written: for each document, the last one counts. */
  segments: z.array(z.object({ id: z.string(), parts: z.number() })),
})

/**
 * The only entry that is ever overwritten. Segments that it does not name are not in the index, so a kill at
 * any moment leaves the index whole.
 */
export type Head = z.infer<typeof schema>
export type SegmentName = Head['segments'][number]

export function isHead(key: string): boolean {
  return key === KEY
}

/**
 * Reads the head. undefined: nothing was ever committed. Throws a StoreError if this program can't read the
 * head, or if another embedder made the index.
 */
export async function readHead(
  database: VectorDatabase,
  embedding: EmbeddingIdentity,
): Promise<Head | undefined> {
  const text = (await database.texts([KEY])).get(KEY)
  if (text === undefined) return undefined
  const json = tryParseHead(text)
  const format = z.object({ format: z.number() }).safeParse(json).data?.format ?? 0
  if (format > FORMAT) throw createNewerFormatError(database.name, format)
  const { data } = schema.safeParse(json)
  if (data === undefined)
    throw new StoreError(
      `The head of the index in ${database.name} cannot be read`,
      'Rebuild it: npm run ingest -- --rebuild DOCS',
    )
  checkEmbedding(database.name, data.embedding, embedding)
  return data
}

export async function writeHead(database: VectorDatabase, head: Head): Promise<void> {
  await database.putTexts(new Map([[KEY, JSON.stringify(head)]]))
}

export function createNextHead(
  before: Head | undefined,
  change: Pick<Head, 'by' | 'embedding' | 'segments'>,
): Head {
  return { format: FORMAT, version: Math.max(Date.now(), (before?.version ?? 0) + 1), ...change }
}

/** Vectors of different models or sizes can't be compared. */
function checkEmbedding(
  name: string,
  made: EmbeddingIdentity,
  { model, dimensions }: EmbeddingIdentity,
): void {
  if (made.model === model && made.dimensions === dimensions) return
  throw new StoreError(
    `The index in ${name} was made with ${made.model} (${made.dimensions} dimensions); this program embeds with ${model} (${dimensions})`,
    'Ingest into another directory or collection, or rebuild this index: npm run ingest -- --rebuild DOCS',
  )
}

function createNewerFormatError(name: string, found: number): StoreError {
  return new StoreError(
    `The index in ${name} was made by a newer version of this program (format ${found}; this one knows ${FORMAT})`,
    'Use the newer version, or another directory or collection.',
  )
}

function tryParseHead(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller reports it
  }
}
