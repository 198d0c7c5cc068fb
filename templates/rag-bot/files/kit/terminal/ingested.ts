import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '#kit/console/replace-file'
import type { DocumentList } from '#kit/documents/list-documents'

/** Not in git, as the index: it has paths of this machine. */
const LIST = '.data/ingested.json'

const listSchema = z.object({ documents: z.record(z.string(), z.string()) })

/**
 * Lists which documents are indexed, by name, and where they are, so that `ai-eng-starter check` counts
 * documents from elsewhere as well. A single file is added to the list, as it is to the index.
 */
export async function listIngested(directory: string, { root, names, isOne }: DocumentList): Promise<void> {
  const path = join(directory, LIST)
  const earlier = isOne ? await readList(path) : {}
  const indexed = Object.fromEntries(names.map((name) => [name, resolve(root, name)]))
  const list = { schema: 'ingested.v1', documents: { ...earlier, ...indexed } }
  await replaceFile(path, `${JSON.stringify(list, null, 2)}\n`)
}

/** Empty where nothing was listed, or not by this program. */
async function readList(path: string): Promise<Record<string, string>> {
  try {
    return listSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data?.documents ?? {}
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing || error instanceof SyntaxError) return {}
    throw error
  }
}
