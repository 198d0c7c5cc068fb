import type { Readable } from 'node:stream'
import { InputError } from '#kit/console/errors'
import { type Document, readDocuments } from '#kit/console/input'
import { BadFile } from '#kit/files/file'
import { stripInvisible } from '#kit/files/text'
import { type DocumentFormat, type DocumentParts, FORMATS, findFormat } from './formats.ts'
import { suggestConverter } from './unread.ts'

/** Formats whose source is what people read; a program of one document takes it unchanged. */
const AS_WRITTEN = new Set('.md .markdown .mdx .txt .text readme .csv .tsv .tab'.split(' '))
const SHOWN = FORMATS.filter(({ endings }) => !endings.some((ending) => AS_WRITTEN.has(ending)))

const MAIL =
  /^(?:From [^\n]*\n)?(?=(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:Received|MIME-Version|Message-ID|DKIM-Signature):)(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){3}/i

/** How a document without a telling name begins, and the name that its format has. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<(?:!doctype html|html[\s>])/i, 'a.html'],
  [/^WEBVTT\s|^\s*\d+\n\d{2}:\d{2}:\d{2},\d{3} --> \d/, 'a.vtt'],
  [/^\{\\rtf/, 'a.rtf'],
  [MAIL, 'a.eml'],
]
const BEGINNING = 16 * 1024

/**
 * Reads documents as their readers see them: HTML, mail, subtitles, RST and AsciiDoc become Markdown, other
 * text stays unchanged. `-` is stdin. Throws what `readDocuments` throws, and an `InputError` that names a
 * converter for a format that is not read here.
 */
export function readShownDocuments(
  files: readonly string[],
  stdin: Readable,
  signal?: AbortSignal,
): Promise<Document[]> {
  for (const file of files) refuseUnread(file, file)
  return readDocuments(files, stdin, signal, (bytes, name) => showDocument(bytes, name, signal))
}

function refuseUnread(file: string, type: string): void {
  const command = suggestConverter(type, file)
  if (command !== undefined)
    throw new InputError(`${file} has a format that is not read here`, `Convert it first: ${command}`)
}

async function showDocument(
  bytes: Buffer,
  name: string,
  signal = new AbortController().signal,
): Promise<string | undefined> {
  const type = findFormat(SHOWN, name) === undefined ? recogniseType(bytes) : name
  if (type === undefined) return undefined
  refuseUnread(name, type)
  const format: DocumentFormat | undefined = findFormat(SHOWN, type)
  try {
    const parts = await format?.read(bytes, signal)
    return parts && writeTitle(parts)
  } catch (error) {
    if (!(error instanceof BadFile)) throw error
    throw new InputError(`${name} cannot be read: ${error.message}`, 'Convert it to plain text or Markdown.')
  }
}

/** The title of a page is often nowhere in its text. */
function writeTitle({ title = '', text }: DocumentParts): string {
  const line = stripInvisible(title).replace(/\s+/g, ' ').trim()
  return line === '' || text.includes(line) ? text : `# ${line}\n\n${text}`
}

function recogniseType(bytes: Buffer): string | undefined {
  const start = bytes
    .toString('utf8', 0, BEGINNING)
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
  return BEGINNINGS.find(([pattern]) => pattern.test(start))?.[1]
}
