import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDocument, type SourceDocument } from '#kit/documents/document'
import { BadFile } from '#kit/files/file'

/** Creates a temporary folder, in which a test writes documents and reads them back. */
export function documentFolder() {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'rag-bot-documents-')))
  const { signal } = new AbortController()

  async function read(name: string, content: string | Uint8Array): Promise<SourceDocument> {
    writeFileSync(join(directory, name), content)
    return await readDocument(directory, name, signal)
  }

  return {
    directory,
    read,
    textOf: async (name: string, content: string | Uint8Array) => (await read(name, content)).text,
    /** Resolves to the reason why a document is skipped, to `no error`, or to any other error. */
    problem: (name: string, content: string | Uint8Array): Promise<unknown> =>
      read(name, content).then(
        () => 'no error',
        (error: unknown) => (error instanceof BadFile ? error.message : error),
      ),
    remove: () => rmSync(directory, { recursive: true }),
  }
}

/** Builds a PDF with one text stream per page, and adds `trailer` to its trailer. */
export function pdfOf(pages: readonly string[], trailer = ''): Buffer {
  const contentOf = (stream: string) => `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`
  const pageOf = (index: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${index + 1} 0 R >>`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.map((_, page) => `${4 + 2 * page} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((stream, page) => [pageOf(4 + 2 * page), contentOf(stream)]),
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const start = file.length
  const size = objects.length + 1
  file += `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`
  file += `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}
