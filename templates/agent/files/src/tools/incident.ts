import { BadFile, readBelow } from '#kit/files/file'
import { type Folder, openFolder, walkFiles } from '#kit/files/folder'
import { readNamed } from '#kit/files/named'
import { decodeLog, decodeText } from '#kit/files/text'
import { ToolError } from './tool.ts'

/** The files of an incident that the tools read. */
const EXTENSIONS = ['.log', '.md', '.txt', '.json', '.jsonl', '.csv', '.yaml', '.yml']
const MAX_BYTES = 64 * 1024 * 1024
const MAX_ENTRIES = 5_000
const LOG = /\.(?:log|jsonl|txt)$/i

/** A line and its place: `logs/api.log:12: text`. */
export interface Line {
  file: string
  /** From 1. */
  number: number
  text: string
}

/**
 * The folder, or the one file, that a run is about. The tools read files through it and can read nothing
 * outside of it.
 */
export class Incident {
  readonly #folder: Folder

  private constructor(folder: Folder) {
    this.#folder = folder
  }

  /** Throws `InputError` when the path does not exist. */
  static async open(path: string): Promise<Incident> {
    return new Incident(await openFolder(path))
  }

  /** Names of the files, sorted. */
  async list(signal: AbortSignal): Promise<string[]> {
    const names: string[] = []
    const walk = { extensions: EXTENSIONS, signal, maxEntries: MAX_ENTRIES }
    for await (const file of walkFiles(this.#folder, walk)) if (!('skipped' in file)) names.push(file.name)
    return names
  }

  /**
   * Names of the files below `folder`, written as `logs`, `./logs/` or `/logs`. Throws a `ToolError` when
   * there is no such folder.
   */
  async listBelow(folder: string, signal: AbortSignal): Promise<string[]> {
    const names = await this.list(signal)
    const below = folder.replace(/^(?:\.?\/+|\.$)+/, '').replace(/\/+$/, '')
    const found = names.filter((name) => below === '' || name === below || name.startsWith(`${below}/`))
    if (found.length > 0 || below === '') return found
    const folders = new Set(names.flatMap((name) => name.split('/').slice(0, -1).slice(0, 1)))
    throw new ToolError(
      `There is no folder ${JSON.stringify(folder)}. There are: ${[...folders].join(', ') || 'none'}`,
    )
  }

  /** The lines of one file. Throws a `ToolError` that says why it can't be read. */
  async readLines(name: string, signal: AbortSignal): Promise<Line[]> {
    const text = await this.#text(name, signal)
    const lines = text.replace(/\n$/, '').split('\n')
    return lines.map((line, index) => ({ file: name, number: index + 1, text: line }))
  }

  /**
   * The lines of several files. `leftOut` names each file that can't be read, with the reason: it must not
   * hide the others.
   */
  async readAllLines(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<{ lines: Line[]; leftOut: string[] }> {
    const lines: Line[] = []
    const leftOut: string[] = []
    for (const name of names) {
      try {
        for (const line of await this.readLines(name, signal)) lines.push(line)
      } catch (error) {
        if (!(error instanceof ToolError)) throw error
        leftOut.push(error.message)
      }
    }
    return { lines, leftOut }
  }

  async #text(name: string, signal: AbortSignal): Promise<string> {
    const { root, only } = this.#folder
    try {
      if (only !== undefined && name !== only) throw new BadFile(`the only file here is ${only}`)
      const options = { maxBytes: MAX_BYTES, signal }
      const bytes =
        only === name
          ? await readBelow(root, name, MAX_BYTES, signal)
          : await readNamed(root, name, { ...options, extensions: EXTENSIONS })
      // One byte that is not UTF-8 must not hide the rest of a log.
      return isLog(name) ? decodeLog(bytes) : decodeText(bytes)
    } catch (error) {
      if (error instanceof BadFile)
        throw new ToolError(`${JSON.stringify(name)} cannot be read: ${error.message}`)
      throw error
    }
  }
}

/** What programs write, unlike documents. */
export function isLog(name: string): boolean {
  return LOG.test(name)
}

/** For the end of a result: silence about a file would look like an empty file. */
export function listLeftOut(leftOut: readonly string[]): string[] {
  return leftOut.map((why) => `left out: ${why}`)
}

export function renderLine({ file, number, text }: Line): string {
  return `${file}:${number}: ${text}`
}
