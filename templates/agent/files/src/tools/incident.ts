import { BadFile, readBelow } from '../files/file.ts'
import { type Folder, filesBelow, openFolder } from '../files/folder.ts'
import { readNamed } from '../files/named.ts'
import { decodeText } from '../files/text.ts'
import { ToolError } from './tool.ts'

/** What is read of an incident. */
const EXTENSIONS = ['.log', '.md', '.txt', '.json', '.jsonl', '.csv', '.yaml', '.yml']
const MAX_BYTES = 8 * 1024 * 1024
const MAX_ENTRIES = 5_000

/** A line with its place: `logs/api.log:12: text`. */
export interface Line {
  file: string
  /** From 1. */
  number: number
  text: string
}

/** The folder, or the one file, that a run is about. Nothing outside of it can be read through it. */
export class Incident {
  readonly #folder: Folder

  private constructor(folder: Folder) {
    this.#folder = folder
  }

  /** Throws `InputError` when there is nothing at the path. */
  static async open(path: string): Promise<Incident> {
    return new Incident(await openFolder(path))
  }

  /** Names of the files, in order; `folder` narrows them down. */
  async list(signal: AbortSignal, folder = ''): Promise<string[]> {
    const names: string[] = []
    const walk = { extensions: EXTENSIONS, signal, maxEntries: MAX_ENTRIES }
    for await (const file of filesBelow(this.#folder, walk)) if (!('skipped' in file)) names.push(file.name)
    const below = folder.replace(/\/+$/, '')
    return names.filter((name) => below === '' || name === below || name.startsWith(`${below}/`))
  }

  /** The lines of one file. Throws a `ToolError` that says why not. */
  async lines(name: string, signal: AbortSignal): Promise<Line[]> {
    const text = await this.#text(name, signal)
    const lines = text.replace(/\n$/, '').split('\n')
    return lines.map((line, index) => ({ file: name, number: index + 1, text: line }))
  }

  /** Of all files that `choose` wants. One that cannot be read does not keep anybody from the others. */
  async allLines(signal: AbortSignal, choose: (name: string) => boolean): Promise<Line[]> {
    const lines: Line[] = []
    for (const name of (await this.list(signal)).filter(choose)) {
      const some = await this.lines(name, signal).catch((error: unknown) => {
        if (error instanceof ToolError) return []
        throw error
      })
      for (const line of some) lines.push(line)
    }
    return lines
  }

  async #text(name: string, signal: AbortSignal): Promise<string> {
    const { root, only } = this.#folder
    try {
      if (only !== undefined && name !== only) throw new BadFile(`the only file here is ${only}`)
      const options = { maxBytes: MAX_BYTES, signal }
      if (only === name) return decodeText(await readBelow(root, name, MAX_BYTES, signal))
      return decodeText(await readNamed(root, name, { ...options, extensions: EXTENSIONS }))
    } catch (error) {
      if (error instanceof BadFile)
        throw new ToolError(`${JSON.stringify(name)} cannot be read: ${error.message}`)
      throw error
    }
  }
}

export function placed({ file, number, text }: Line): string {
  return `${file}:${number}: ${text}`
}
