import { readdir, stat } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import * as z from 'zod'
import { InputError } from '#kit/console/errors'
import { type Document, readDocuments } from '#kit/console/input'
import { parseJson } from '#kit/console/json'
import { type Io, note } from '#kit/console/process'
import { readShownDocuments } from '#kit/documents/inputs'
import { suggestConverter, UnreadCount } from '#kit/documents/unread'

/** A document that is read only when its turn comes. */
export interface Item {
  name: string
  read(): Promise<Document>
}

/** Checks whether an argument makes a batch: a folder, or a JSON Lines file. */
export async function isBatchInput(path: string): Promise<boolean> {
  return path.endsWith('.jsonl') || (await isFolder(path))
}

/**
 * Lists the documents of files, folders (recursively, without hidden files and links) and JSON Lines files, in a stable
 * order.
 */
export async function listItems(inputs: readonly string[], io: Io): Promise<Item[]> {
  const items: Item[] = []
  const unread = new UnreadCount()
  for (const path of inputs) {
    if (path.endsWith('.jsonl')) items.push(...(await listLines(path, io)))
    else if (await isFolder(path)) items.push(...(await listFolder(path, io, unread)))
    else items.push(createFileItem(path, io))
  }
  const passed = unread.format()
  if (passed !== undefined) note(io, passed)
  if (items.length === 0)
    throw new InputError('There is no document in it', 'Name a folder with files in it.')
  return items
}

function createFileItem(path: string, io: Io): Item {
  const name = normalize(path) // so that ./a and a are one document
  const read = async () => {
    const [document] = await readShownDocuments([path], io.stdin, io.signal)
    if (document === undefined) throw new InputError(`${path} cannot be read`, 'Check the path.')
    return { name, text: document.text }
  }
  return { name, read }
}

async function listFolder(folder: string, io: Io, unread: UnreadCount): Promise<Item[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const visible = entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const nested = visible.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return listFolder(path, io, unread)
    if (entry.isFile() && suggestConverter(path) === undefined) return [createFileItem(path, io)]
    const kind = (await isFolder(path)) ? 'linked folder' : 'linked file'
    unread.add(path, entry.isSymbolicLink() ? kind : 'file')
    return []
  })
  return (await Promise.all(nested)).flat()
}

const lineShape = z.union([
  z.string(),
  z.object({ id: z.union([z.string(), z.number()]).optional(), text: z.string() }),
])

/** Each line is a text, or `{ "id", "text" }`. A line that is neither fails alone, when its turn comes. */
async function listLines(path: string, io: Io): Promise<Item[]> {
  const [document] = await readDocuments([path], io.stdin, io.signal)
  const lines = (document?.text ?? '')
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
  return lines.filter(({ line }) => line !== '').map(({ line, number }) => readLine(path, line, number))
}

function readLine(path: string, line: string, number: number): Item {
  const parsed = lineShape.safeParse(parseJson(line))
  if (!parsed.success) {
    const error = new InputError(
      `${path}:${number} is neither a string nor { "id", "text" }`,
      'Write one JSON value on each line.',
    )
    return { name: `${path}#${number}`, read: () => Promise.reject(error) }
  }
  const { id = number, text } = typeof parsed.data === 'string' ? { text: parsed.data } : parsed.data
  const name = `${path}#${id}`
  return { name, read: async () => ({ name, text }) }
}

async function isFolder(path: string): Promise<boolean> {
  // A missing file is reported when it is read.
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}
