import * as z from 'zod/mini'

/** What `npm run ingest` of a rag-bot writes: the documents that it indexed, wherever they are. */
const listSchema = z.looseObject({
  schema: z.literal('ingested.v1'),
  /** Absolute path of each document, by its name in the index. The list is for this machine, and not in git. */
  documents: z.record(z.string(), z.string()),
})

/** Parses the list; undefined for one that was cut off or edited, which the next `npm run ingest` replaces. */
export function tryParseIngested(text: string): Record<string, string> | undefined {
  try {
    return listSchema.safeParse(JSON.parse(text)).data?.documents
  } catch {
    return undefined // not JSON
  }
}
