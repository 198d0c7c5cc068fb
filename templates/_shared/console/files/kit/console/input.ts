import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { InputError, UsageError } from './errors.ts'

export interface Document {
  name: string
  text: string
}

export const MAX_INPUT_BYTES = 16 * 1024 * 1024

/**
 * Returns the named files, or stdin (`-`) if there are none.
 * Throws `UsageError` with `message` if no file is named and stdin is a terminal.
 */
export function chooseInput(
  files: readonly string[],
  stdin: { isTTY?: boolean },
  message: string,
): readonly string[] {
  if (files.length > 0) return files
  if (!stdin.isTTY) return ['-']
  throw new UsageError(message)
}

/**
 * Reads all documents before the first is used, so that a bad one fails before any paid call. `-` is stdin.
 * Throws `InputError` if a file is missing, unreadable, not a regular file, not UTF-8 text or blank,
 * or if all files together are over 16 MiB. Throws the signal's reason when aborted. `show` may return the
 * text of a document in a format that is more than text.
 */
export async function readDocuments(
  files: readonly string[],
  stdin: Readable,
  signal?: AbortSignal,
  show?: (bytes: Buffer, name: string) => Promise<string | undefined>,
): Promise<Document[]> {
  const documents: Document[] = []
  let room = MAX_INPUT_BYTES
  for (const file of files) {
    const name = file === '-' ? 'standard input' : file
    const bytes =
      file === '-' ? await readStream(stdin, name, room, signal) : await readInputFile(file, room, signal)
    room -= bytes.length
    documents.push({ name, text: assertWords((await show?.(bytes, name)) ?? decodeUtf8(bytes, name), name) })
  }
  return documents
}

async function readInputFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
  // Without O_NONBLOCK, opening a pipe that has no writer would block forever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw openError(path, error)
  })
  try {
    const stats = await handle.stat()
    if (stats.isDirectory())
      throw new InputError(
        `${path} is a directory`,
        'Name the files in it, for example: npm start -- docs/*.md',
      )
    if (!stats.isFile())
      throw new InputError(`${path} is not a regular file`, 'Pipe it in instead: npm start < FILE')
    if (stats.size > maxBytes) throw createTooLargeError(path)
    return await readStream(handle.createReadStream({ autoClose: false }), path, maxBytes, signal)
  } finally {
    await handle.close()
  }
}

/** Stops at the first chunk that proves the input binary or too large, because the input may never end. */
async function readStream(
  stream: Readable,
  name: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const abort = () => stream.destroy(signal?.reason instanceof Error ? signal.reason : new Error('Stopped'))
  signal?.throwIfAborted()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk)
      if (size === 0) refuseUtf16(bytes, name)
      if (bytes.includes(0)) throw createNotTextError(name)
      size += bytes.length
      if (size > maxBytes) throw createTooLargeError(name)
      chunks.push(bytes)
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') throw openError(name, error)
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
  return Buffer.concat(chunks)
}

function refuseUtf16(bytes: Buffer, name: string): void {
  const mark = bytes.subarray(0, 2).toString('latin1')
  if (mark !== '\u00ff\u00fe' && mark !== '\u00fe\u00ff') return
  throw new InputError(
    `${name} is UTF-16 text`,
    'Convert it first: iconv -f UTF-16 -t UTF-8 FILE > FILE.utf8',
  )
}

function assertWords(text: string, name: string): string {
  if (!/[\p{L}\p{N}]/u.test(text))
    throw new InputError(`${name} holds no text`, 'Give a file with at least one word in it.')
  return text
}

function decodeUtf8(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw createNotTextError(name)
  }
}

function createNotTextError(name: string): InputError {
  return new InputError(
    `${name} is not UTF-8 text`,
    'Give plain text or Markdown. Convert other encodings with iconv, and PDF with pdftotext.',
  )
}

function createTooLargeError(name: string): InputError {
  return new InputError(
    `${name} makes the input larger than ${MAX_INPUT_BYTES / 1024 / 1024} MiB`,
    'Split it, or give fewer files.',
  )
}

function openError(path: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new InputError(
        `${path} does not exist`,
        'Check the path. It starts from the root of this repository.',
      )
    case 'EACCES':
    case 'EPERM':
      return new InputError(`${path} may not be read`, 'Check its permissions with ls -l.')
    case 'ELOOP':
      return new InputError(`${path} is a symbolic link that leads back to itself`, 'Name the file itself.')
    case 'EISDIR':
      return new InputError(`${path} is a directory`, 'Name the files in it.')
    default:
      return new InputError(
        `${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
        'Check the path.',
      )
  }
}
