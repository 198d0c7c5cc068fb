import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod'
import { InputError } from '#kit/console/errors'
import { parseJson, toJson } from '#kit/console/json'
import { replaceFile } from '#kit/console/replace-file'

/** The part of a row that is checked; other keys are kept unread. */
const rowShape = z.looseObject({ id: z.string(), file: z.string() })
export type Row = z.infer<typeof rowShape>

/** A document that failed, with what the model wrote. */
export interface DeadLetter extends Row {
  error: { kind: string; message: string; hint: string }
  attempts: readonly { raw: string; problems: readonly string[] }[]
}

/**
 * A JSON Lines file with one row for each document. Rows are appended as they come, so that nothing is lost
 * when the run is cut short, and `settle` puts the file in order. Meant for one process at a time.
 */
export class ResultsFile {
  readonly path: string
  readonly #rows: Row[]

  private constructor(path: string, rows: Row[]) {
    this.path = path
    this.#rows = rows
  }

  /**
   * Reads the rows. Drops a last line that a kill cut off; throws an `InputError` for any other line that is
   * not a row.
   */
  static async open(path: string): Promise<ResultsFile> {
    const file = new ResultsFile(path, parseRows(path, await readIfThere(path)))
    await file.settle([])
    return file
  }

  has(id: string): boolean {
    return this.#rows.some((row) => row.id === id)
  }

  async add(row: Row): Promise<void> {
    this.#rows.push(row)
    await appendFile(this.path, `${toJson(row)}\n`)
  }

  /** Forgets the rows of these documents. */
  drop(files: ReadonlySet<string>): void {
    this.#rows.splice(0, this.#rows.length, ...this.#rows.filter(({ file }) => !files.has(file)))
  }

  /**
   * Keeps the latest row of each document, in this order, after rows of other documents. Removes a file
   * without rows.
   */
  async settle(order: readonly string[]): Promise<readonly Row[]> {
    const latest = new Map(this.#rows.map((row) => [row.file, row]))
    const others = [...latest.keys()].filter((file) => !order.includes(file))
    const rows = [...others, ...order].flatMap((file) => latest.get(file) ?? [])
    this.#rows.splice(0, this.#rows.length, ...rows)
    if (rows.length === 0) await rm(this.path, { force: true })
    else await replaceFile(this.path, rows.map((row) => `${toJson(row)}\n`).join(''))
    await mkdir(dirname(this.path), { recursive: true })
    return rows
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    const reason = error instanceof Error ? error.message : String(error)
    throw new InputError(`${path} cannot be read: ${reason}`, 'Name another file with --out.')
  }
}

function parseRows(path: string, text: string): Row[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const row = parseJson(line)
    // Keep the parsed JSON, not zod's result: zod reorders keys, and a kept row must not change.
    if (isRow(row)) return row
    // A process killed in the middle of a write leaves half a row.
    const isTorn =
      index === lines.length - 1 && row === undefined && ROW_STARTS.some((start) => line.startsWith(start))
    if (isTorn) return []
    const what = `${path}:${index + 1} is not a row of a batch`
    throw new InputError(what, 'Nothing was changed. Fix the line, or name another file with --out.')
  })
}

const ROW_STARTS = ['{"schema":"extraction.v1"', '{"id":']

function isRow(value: unknown): value is Row {
  return rowShape.safeParse(value).success
}
