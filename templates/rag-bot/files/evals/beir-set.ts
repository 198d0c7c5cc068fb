import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { InputError } from '#kit/console/errors'

/**
 * A set in the file format of BEIR (Thakur et al., NeurIPS 2021): `corpus.jsonl`, `queries.jsonl`,
 * `qrels/<split>.tsv`.
 */
export interface BeirSet {
  corpus: { id: string; title: string; text: string }[]
  /** Only those that have judgements. */
  queries: { id: string; text: string }[]
  /** Gains by document, by query. */
  judgements: Map<string, Map<string, number>>
}

const line = z.object({ _id: z.string(), title: z.string().default(''), text: z.string() })

/** Reads a BEIR folder. Throws an `InputError` with file and line for a missing or malformed file. */
export async function readBeir(folder: string): Promise<BeirSet> {
  const judgements = await readJudgements(folder)
  const corpus = await readLines(join(folder, 'corpus.jsonl'))
  const queries = (await readLines(join(folder, 'queries.jsonl'))).filter(({ id }) => judgements.has(id))
  if (queries.length === 0)
    throw new InputError(
      `${folder} has no query with a judgement`,
      'Check that the ids in qrels are those in queries.jsonl.',
    )
  return { corpus, queries, judgements }
}

async function readLines(path: string): Promise<BeirSet['corpus']> {
  const entries: BeirSet['corpus'] = []
  for await (const { text, number } of readNumberedLines(path)) {
    const parsed = line.safeParse(tryParseLine(text))
    if (!parsed.success)
      throw new InputError(`${path}:${number} is no line of BEIR`, 'It needs "_id" and "text".')
    const { _id: id, ...rest } = parsed.data
    entries.push({ id, ...rest })
  }
  return entries
}

/** The test split where there is one. */
async function readJudgements(folder: string): Promise<BeirSet['judgements']> {
  const files = await readdir(join(folder, 'qrels')).catch(() => [])
  const file =
    files.find((name) => name === 'test.tsv') ?? files.filter((name) => name.endsWith('.tsv')).sort()[0]
  if (file === undefined)
    throw new InputError(
      `${folder} has no qrels/*.tsv`,
      'Name a folder in BEIR format: corpus.jsonl, queries.jsonl, qrels/test.tsv.',
    )
  const judgements: BeirSet['judgements'] = new Map()
  for await (const { text } of readNumberedLines(join(folder, 'qrels', file))) {
    const [query = '', document = '', gain = ''] = text.split('\t')
    if (!/^\d+$/.test(gain) || gain === '0') continue // also the line with the names of the columns
    const own = judgements.get(query) ?? new Map<string, number>()
    judgements.set(query, own.set(document, Number(gain)))
  }
  return judgements
}

async function* readNumberedLines(path: string): AsyncGenerator<{ text: string; number: number }> {
  let number = 0
  try {
    for await (const text of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number += 1
      if (text.trim() !== '') yield { text, number }
    }
  } catch (error) {
    throw new InputError(
      `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
      'Name a folder in BEIR format.',
    )
  }
}

function tryParseLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // said with its line by the caller
  }
}
