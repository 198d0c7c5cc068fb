import { AbortScope } from '#kit/console/deadline'
import { BadFile } from '#kit/files/file'
import { stripInvisible } from '#kit/files/text'
import { layOutFragments } from './pdf-columns.ts'
import { rejoinWords } from './pdf-hyphens.ts'
import { turnUpright } from './pdf-rows.ts'
import { type Pdf, processPdf } from './pdf-thread.ts'

type PdfPage = Awaited<ReturnType<Pdf['getPage']>>
type Item = Awaited<ReturnType<PdfPage['getTextContent']>>['items'][number]

const MAX_PAGES = 10_000
const MAX_CHARACTERS = 16 * 1024 * 1024
const MAX_SECONDS = 30 // for one page; a second is already slow

/**
 * Extracts the text of a PDF, each page below a heading with its number.
 * Text in pictures is not extracted. Throws `BadFile` if the PDF can't be used (for example, it is damaged,
 * encrypted or holds no text), or the signal's reason when aborted.
 */
export async function readPdf(
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<{ title: string | undefined; pages: number; text: string }> {
  if (!Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) throw new BadFile('not a PDF')
  const late = () => new BadFile(`a page takes over ${MAX_SECONDS} seconds`)
  const page = new AbortScope(signal, { ms: MAX_SECONDS * 1000, late })
  try {
    return await processPdf(bytes, page.signal, async (pdf) => ({
      title: await readPdfTitle(pdf),
      pages: pdf.numPages,
      text: await extractPdfText(pdf, page.restart),
    }))
  } catch (error) {
    page.signal.throwIfAborted()
    throw toBadPdf(error)
  } finally {
    page.close()
  }
}

async function extractPdfText(pdf: Pdf, onPage: () => void): Promise<string> {
  if (pdf.numPages > MAX_PAGES) throw new BadFile(`more than ${MAX_PAGES} pages: split it`)
  const pages: string[] = []
  let room = MAX_CHARACTERS
  for (let number = 1; number <= pdf.numPages; number++) {
    onPage()
    const page = await pdf.getPage(number)
    const text = layOutPage(await readPageItems(page, room))
    page.cleanup()
    room -= text.length
    if (text !== '') pages.push(`## Page ${number}\n\n${text}`)
  }
  if (pages.length === 0) throw new BadFile('no text, only pictures: run OCR over it first')
  return rejoinWords(pages.join('\n\n'))
}

/**
 * Reads the text items of a page as a stream, because a small file can hold an endless page.
 * Throws `BadFile` if they hold more than `room` characters.
 */
async function readPageItems(page: PdfPage, room: number): Promise<Item[]> {
  const items: Item[] = []
  let left = room
  const reader = page.streamTextContent().getReader()
  for (let bit = await reader.read(); !bit.done; bit = await reader.read()) {
    for (const item of bit.value.items as Item[]) {
      items.push(item)
      left -= 'str' in item ? item.str.length : 0
    }
    if (left < 0) {
      await reader.cancel()
      throw new BadFile('more than 16 MiB of text: split it')
    }
  }
  return items
}

function layOutPage(items: readonly Item[]): string {
  const printed = items.filter((item) => 'str' in item)
  const text = turnUpright(printed)
    .map((fragments) => layOutFragments(fragments))
    .join('\n\n')
  return stripInvisible(text.replace(/\u00ad$/gm, '-')).trim()
}

async function readPdfTitle(pdf: Pdf): Promise<string | undefined> {
  const { info } = await pdf.getMetadata()
  return 'Title' in info && typeof info.Title === 'string' ? info.Title : undefined
}

function toBadPdf(error: unknown): unknown {
  if (error instanceof BadFile || !(error instanceof Error)) return error
  if (error.name === 'PasswordException')
    return new BadFile('encrypted: it asks for a password', { cause: error })
  return new BadFile(`a damaged PDF (${error.message.slice(0, 200)})`, { cause: error })
}
