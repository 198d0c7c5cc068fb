import { basename, extname } from 'node:path'
import { getEnding } from '#kit/files/ending'
import { BadFile, readBelow } from '#kit/files/file'
import { decodeText, stripInvisible } from '#kit/files/text'
import type { FrontMatterData } from './front-matter.ts'
import { suggestConverter } from './unread.ts'

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

export interface DocumentParts {
  title?: string | undefined
  metadata?: FrontMatterData
  text: string
}

export interface DocumentFormat {
  /** In lower case and with the dot; without it, the name of a file that has no ending. */
  endings: readonly string[]
  maxBytes: number
  read(bytes: Buffer, signal: AbortSignal): DocumentParts | Promise<DocumentParts>
}

const maxBytes = 16 * 1024 * 1024
const text: DocumentFormat = {
  endings: ['.txt', '.text', 'readme'],
  maxBytes,
  read: (bytes) => ({ text: decodeText(bytes) }),
}

/**
 * The one table of what is read, except PDF, which is a layer of its own. Parsers load on first use, because a
 * server that answers from an index needs none of them.
 */
export const FORMATS: readonly DocumentFormat[] = [
  {
    endings: ['.md', '.markdown'],
    maxBytes,
    read: async (bytes) => (await import('./markdown-document.ts')).readMarkdown(bytes, 'md'),
  },
  {
    endings: ['.mdx'],
    maxBytes,
    read: async (bytes) => (await import('./markdown-document.ts')).readMarkdown(bytes, 'mdx'),
  },
  text,
  {
    endings: ['.html', '.htm', '.xhtml'],
    maxBytes,
    read: async (bytes) => (await import('./html.ts')).readHtml(decodeHtml(bytes)),
  },
  {
    endings: ['.rst', '.rest'],
    maxBytes,
    read: async (bytes) => (await import('./rst.ts')).readRst(decodeText(bytes)),
  },
  {
    endings: ['.adoc', '.asciidoc'],
    maxBytes,
    read: async (bytes) => (await import('./asciidoc.ts')).readAsciidoc(decodeText(bytes)),
  },
  {
    endings: ['.csv'],
    maxBytes,
    read: async (bytes) => ({ text: (await import('./cells.ts')).readCells(decodeText(bytes)) }),
  },
  {
    endings: ['.tsv', '.tab'],
    maxBytes,
    read: async (bytes) => ({ text: (await import('./cells.ts')).readCells(decodeText(bytes), '\t') }),
  },
  {
    endings: ['.vtt', '.srt'],
    maxBytes,
    read: async (bytes) => ({ text: (await import('./subtitles.ts')).readSubtitles(decodeText(bytes)) }),
  },
  { endings: ['.eml'], maxBytes, read: async (bytes) => (await import('./mail.ts')).readMail(bytes) },
  {
    endings: ['.mbox'],
    maxBytes,
    read: async (bytes, signal) => (await import('./mail.ts')).readMailbox(bytes, signal),
  },
]

export function listEndings(formats: readonly DocumentFormat[]): string[] {
  return formats.flatMap(({ endings }) => endings)
}

export function findFormat(formats: readonly DocumentFormat[], name: string): DocumentFormat | undefined {
  return formats.find(({ endings }) => endings.includes(getEnding(name)))
}

/**
 * Reads one document below a folder opened by `openFolder`. A file with an ending that `formats` doesn't have
 * is read as plain text. Throws `BadFile` with the reason if the document can't be used, or the signal's
 * reason when aborted.
 */
export async function readFormat(
  formats: readonly DocumentFormat[],
  root: string,
  name: string,
  signal: AbortSignal,
): Promise<SourceDocument> {
  const format = findFormat(formats, name) ?? text
  const command = format === text ? suggestConverter(name) : undefined
  if (command !== undefined) throw new BadFile(`not read here: convert it first, for example with ${command}`)
  const parts = await format.read(await readBelow(root, name, format.maxBytes, signal), signal)
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
