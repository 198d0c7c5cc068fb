import {
  type DocumentFormat,
  FORMATS,
  listEndings,
  readFormat,
  type SourceDocument,
} from '#kit/documents/formats'

export type { SourceDocument } from '#kit/documents/formats'

/** Its parser loads on first use, as those of the other formats. */
const pdf: DocumentFormat = {
  endings: ['.pdf'],
  maxBytes: 64 * 1024 * 1024,
  read: async (bytes, signal) => {
    const { title, pages, text } = await (await import('./pdf.ts')).readPdf(bytes, signal)
    return { title, metadata: { pages }, text }
  },
}

const ALL_FORMATS: readonly DocumentFormat[] = [...FORMATS, pdf]

/** Endings of the files that are read from a folder, in lower case and with the dot; `readme` has none. */
export const DOCUMENT_EXTENSIONS: readonly string[] = listEndings(ALL_FORMATS)

/**
 * Reads one document below a folder opened by `openFolder`. A file with any other extension is read as plain
 * text. Throws `BadFile` with the reason if the document can't be used, or the signal's reason when aborted.
 */
export function readDocument(root: string, name: string, signal: AbortSignal): Promise<SourceDocument> {
  return readFormat(ALL_FORMATS, root, name, signal)
}
