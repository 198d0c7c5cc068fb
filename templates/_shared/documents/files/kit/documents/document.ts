import { basename, extname } from 'node:path'
import { BadFile, readBelow } from '#kit/files/file'
import { decodeText, stripInvisible } from '#kit/files/text'
import { type FrontMatterData, splitFrontMatter } from './front-matter.ts'
import { findFirstHeading, stripHiddenMarkdown } from './markdown.ts'

/** A document in the form that search uses, whatever its format on disk. */
export interface SourceDocument {
  /** Path below the folder, with forward slashes. */
  name: string
  title: string
  /** The fields of the front matter except the title; for a PDF, its number of pages. */
  metadata: FrontMatterData
  /** Markdown that holds only what a human reader of the document sees, nothing that is hidden from them. */
  text: string
}

interface Parts {
  title?: string | undefined
  metadata?: FrontMatterData
  text: string
}

interface Reader {
  maxBytes: number
  read(bytes: Buffer, signal: AbortSignal): Parts | Promise<Parts>
}

const MIB = 1024 * 1024
const text: Reader = { maxBytes: 16 * MIB, read: (bytes) => ({ text: decodeText(bytes) }) }
const markdown: Reader = { maxBytes: 16 * MIB, read: (bytes) => readMarkdown(bytes, 'md') }
const mdx: Reader = { maxBytes: 16 * MIB, read: (bytes) => readMarkdown(bytes, 'mdx') }
// The HTML and PDF parsers load on first use, because a server that answers from an index needs neither.
const html: Reader = {
  maxBytes: 16 * MIB,
  read: async (bytes) => (await import('./html.ts')).readHtml(decodeHtml(bytes)),
}
const pdf: Reader = {
  maxBytes: 64 * MIB,
  read: async (bytes, signal) => {
    const { title, pages, text } = await (await import('./pdf.ts')).readPdf(bytes, signal)
    return { title, metadata: { pages }, text }
  },
}

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['.md', markdown],
  ['.markdown', markdown],
  ['.mdx', mdx],
  ['.txt', text],
  ['.html', html],
  ['.htm', html],
  ['.pdf', pdf],
])

/** Extensions of the files that are read from a folder, in lower case and with the dot. */
export const DOCUMENT_EXTENSIONS: readonly string[] = [...READERS.keys()]

/**
 * Reads one document below a folder opened by `openFolder`. A file with any other extension is read as plain
 * text. Throws `BadFile` with the reason if the document can't be used, or the signal's reason when aborted.
 */
export async function readDocument(root: string, name: string, signal: AbortSignal): Promise<SourceDocument> {
  const extension = extname(name).toLowerCase()
  const reader = READERS.get(extension) ?? text
  const parts = await reader.read(await readBelow(root, name, reader.maxBytes, signal), signal)
  if (!/[\p{L}\p{N}]/u.test(parts.text)) throw new BadFile('no text in it')
  return {
    name,
    title: cleanTitle(parts.title) ?? basename(name, extname(name)),
    metadata: parts.metadata ?? {},
    text: parts.text,
  }
}

const MAX_TITLE = 200

function cleanTitle(title: string | undefined): string | undefined {
  return (
    stripInvisible(title ?? '')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, MAX_TITLE) || undefined
  )
}

function readMarkdown(bytes: Buffer, dialect: 'md' | 'mdx'): Parts {
  const { metadata, body } = splitFrontMatter(decodeText(bytes))
  const text = stripHiddenMarkdown(body, dialect)
  const { title, ...others } = metadata
  return { title: title === undefined ? findFirstHeading(text) : String(title), metadata: others, text }
}

/** Pages in other encodings declare theirs in the first kilobyte, so that the error can name it. */
function decodeHtml(bytes: Buffer): string {
  try {
    return decodeText(bytes)
  } catch (error) {
    const [, charset] =
      /<meta[^>]{0,200}charset=["']?([\w-]{1,40})/i.exec(bytes.toString('latin1', 0, 1024)) ?? []
    if (!(error instanceof BadFile) || charset === undefined || /^utf-?8$/i.test(charset)) throw error
    throw new BadFile(`${charset} text: convert it to UTF-8 first, for example with iconv`, { cause: error })
  }
}
