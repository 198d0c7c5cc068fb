import { type FileHandle, mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '#kit/console/errors'
import { takeLock } from '#kit/console/lock'
import { StoreError } from '#kit/store/store'
import { toFileError } from './file-failure.ts'
import { decodeLine, encodeLine, FIRST_LINE, type StoredRecord } from './record-line.ts'

export type { StoredRecord } from './record-line.ts'

/** An append-only file, one record per line. */
export interface Records {
  /** The records that the file had when it was opened; the reader takes them out. */
  found: StoredRecord[]
  /** How many lines the file has. */
  readonly lines: number
  append(records: readonly StoredRecord[]): Promise<void>
  /** Resolves once the disk has everything. */
  sync(): Promise<void>
  /** Replaces the file with one that has these records. */
  rewrite(records: Iterable<StoredRecord>): Promise<void>
  close(): Promise<void>
}

const FILE = 'records.jsonl'

/**
 * Opens the file, and creates it if it is missing. Throws a StoreError if another process has it open, if the
 * directory holds anything else, or if the file is damaged. A torn last line is dropped: a kill left it, so
 * it was never committed.
 */
export async function openRecords(directory: string): Promise<Records> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    // Two names of one directory must lead to the same lock.
    const path = await realpath(directory)
    const release = await lockFile(path)
    try {
      await refuseOthers(path, directory)
      return await RecordsFile.open(join(path, FILE), directory, release)
    } catch (error) {
      await release()
      throw error
    }
  } catch (error) {
    throw toFileError(error, directory)
  }
}

async function lockFile(path: string): Promise<() => Promise<void>> {
  const messages = {
    taken: 'This index is open in another process',
    hint: 'Stop it first (a server, an ingest), or move the index to a server: .env.example',
  }
  try {
    return await takeLock(`${path}.lock`, messages)
  } catch (error) {
    if (error instanceof InputError) throw new StoreError(error.message, error.hint)
    throw error
  }
}

async function refuseOthers(path: string, shown: string): Promise<void> {
  const strange = (await readdir(path)).filter((name) => !name.startsWith(FILE))
  if (strange.length === 0) return
  throw new StoreError(
    `${shown} has files in it and is not an index of this program (${strange[0]})`,
    'Choose another directory with --index.',
  )
}

class RecordsFile implements Records {
  found: StoredRecord[] = []
  lines = 0
  #size = 0
  #handle: FileHandle
  readonly #path: string
  readonly #shown: string
  readonly #release: () => Promise<void>

  private constructor(handle: FileHandle, path: string, shown: string, release: () => Promise<void>) {
    this.#handle = handle
    this.#path = path
    this.#shown = shown
    this.#release = release
  }

  static async open(path: string, shown: string, release: () => Promise<void>): Promise<RecordsFile> {
    const file = new RecordsFile(await open(path, 'a', 0o600), path, shown, release)
    try {
      await file.#read(await readFile(path))
      return file
    } catch (error) {
      await file.#handle.close()
      throw error
    }
  }

  async append(records: readonly StoredRecord[]): Promise<void> {
    await this.#write(records.map(encodeLine))
  }

  async sync(): Promise<void> {
    await this.#handle.datasync().catch(this.#fail)
  }

  async rewrite(records: Iterable<StoredRecord>): Promise<void> {
    const temporary = `${this.#path}.new`
    const handle = await this.#empty(temporary)
    const whole = new RecordsFile(handle, temporary, this.#shown, this.#release)
    try {
      await whole.#write([FIRST_LINE])
      // One at a time: all at once would put the whole file into memory again.
      for (const record of records) await whole.append([record])
      await whole.sync()
      await rename(temporary, this.#path)
    } catch (error) {
      await handle.close()
      this.#fail(error)
    }
    await this.#handle.close()
    this.#handle = handle
    this.#size = whole.#size
    this.lines = whole.lines
  }

  async close(): Promise<void> {
    await this.#handle.close()
    await this.#release()
  }

  async #empty(path: string): Promise<FileHandle> {
    await rm(path, { force: true }).catch(this.#fail)
    return open(path, 'a', 0o600).catch(this.#fail)
  }

  async #read(content: Buffer): Promise<void> {
    let start = 0
    for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, start)) {
      const line = content.toString('utf8', start, end)
      start = end + 1
      this.lines += 1
      if (this.lines > 1) this.found.push(decodeLine(line, this.#shown, this.lines))
      else if (line !== FIRST_LINE) throw createUnknownFormatError(this.#shown)
    }
    this.#size = start
    if (start < content.length) await this.#handle.truncate(start)
    if (this.lines === 0) await this.#write([FIRST_LINE])
  }

  async #write(lines: readonly string[]): Promise<void> {
    try {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      await this.#handle.appendFile(bytes)
      this.#size += bytes.length
      this.lines += lines.length
    } catch (error) {
      // Remove half a line, so that the next write does not continue it.
      await this.#handle.truncate(this.#size)
      this.#fail(error)
    }
  }

  #fail = (error: unknown): never => {
    throw toFileError(error, this.#shown)
  }
}

function createUnknownFormatError(shown: string): StoreError {
  return new StoreError(
    `The index in ${shown} is not in the format of this program`,
    `Use the version that made it, or remove ${shown} and ingest again.`,
  )
}
