import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'

/** A document that a bot answers from. */
export interface BotDocument {
  /** Its name in the bot's index, which answers cite. */
  name: string
  /** Absolute. */
  path: string
}

/** Written by the bot's `npm run ingest`: the path of each document in its index, by name. */
const INGESTED = '.data/ingested.json'
/** What a bot comes with, and what its evals index: where nothing was ingested. */
const SAMPLE = 'docs-sample'

const ingestedFile = z.object({
  schema: z.literal('ingested.v1'),
  documents: z.record(z.string(), z.string()),
})

/** Lists what a bot indexes, by name. Throws `CannotRunError` for a list that is unreadable. */
export async function listBotDocuments(root: string, directory: string): Promise<BotDocument[]> {
  const bot = resolve(root, directory)
  const documents = existsSync(join(bot, INGESTED))
    ? await readIngested(join(bot, INGESTED), directory)
    : await listFolder(join(bot, SAMPLE))
  return documents.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function readIngested(path: string, directory: string): Promise<BotDocument[]> {
  try {
    const { documents } = ingestedFile.parse(JSON.parse(await readFile(path, 'utf8')))
    return Object.entries(documents).map(([name, file]) => ({ name, path: file }))
  } catch (error) {
    const problem = `${directory}/${INGESTED} does not say what the bot indexes: ${toErrorMessage(error)}`
    throw new CannotRunError(problem, `In ${directory}, index the documents again: npm run ingest -- PATH`)
  }
}

async function listFolder(folder: string): Promise<BotDocument[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: path.slice(folder.length + 1).replaceAll('\\', '/'), path }))
}
