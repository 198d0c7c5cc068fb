import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { CannotRunError } from '#kit/evals/errors'
import { listBotDocuments } from './documents.ts'

interface Bot {
  /** As a path from the root of this repo. */
  directory: string
  template: string
  /** The name of its target. */
  name: string
}

const citing = z.object({
  graders: z.array(z.looseObject({ documents: z.array(z.string()).default([]) })).default([]),
})

/**
 * Finds the cases about a bot: its own file, else those about the documents that its template comes with, while it
 * still has them. Undefined for a template without any. Throws `CannotRunError` when the bot answers from other
 * documents and has no cases yet.
 */
export async function findBotCases(
  root: string,
  { directory, template, name }: Bot,
): Promise<string | undefined> {
  const own = [`evals/${name}.jsonl`, `evals/${template}.jsonl`].find((path) => existsSync(join(root, path)))
  if (own !== undefined) return own
  const sample = `evals/${template}-sample.jsonl`
  if (!existsSync(join(root, sample))) return undefined
  const cited = listCited(await readFile(join(root, sample), 'utf8'))
  const names = (await listBotDocuments(root, directory)).map((document) => document.name)
  if (cited.every((document) => names.includes(document))) return sample
  throw new CannotRunError(
    `${directory} answers from documents of its own, and there are no cases about them yet`,
    `Draft some for review: npm run eval:draft -- ${directory}`,
    2,
  )
}

function listCited(lines: string): string[] {
  const cases = lines.split('\n').filter((line) => line.trim() !== '')
  return cases.flatMap((line) => citing.parse(JSON.parse(line)).graders.flatMap(({ documents }) => documents))
}
