import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FORMATS, readFormat, type SourceDocument } from '#kit/documents/formats'
import { BadFile } from '#kit/files/file'

/** Creates a temporary folder, in which a test writes documents and reads them back. */
export function documentFolder() {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'rag-bot-documents-')))
  const { signal } = new AbortController()

  async function read(name: string, content: string | Uint8Array): Promise<SourceDocument> {
    writeFileSync(join(directory, name), content)
    return await readFormat(FORMATS, directory, name, signal)
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
