import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '#kit/console/errors'
import { replaceFile } from '#kit/console/replace-file'
import type { CaseRules } from './case.ts'
import { DRAFT } from './draft.ts'
import { lintCases } from './lint.ts'
import { readAllCases } from './read.ts'

interface Keeping {
  ids: readonly string[]
  /** The question of the one case, in the words of the person who checked it. */
  question: string | undefined
}

/**
 * Removes the tag `draft` from cases. Throws `InputError`, and changes nothing, for an id that is no draft, and for a
 * question that has lint problems.
 */
export async function keepCases(
  root: string,
  { ids, question }: Keeping,
  rules: CaseRules,
): Promise<string[]> {
  const placed = await readAllCases(root, rules)
  const isDraft = (id: string) =>
    placed.some(({ testCase }) => testCase.id === id && testCase.tags?.includes(DRAFT))
  const unknown = ids.filter((id) => !isDraft(id))
  if (unknown.length > 0)
    throw new InputError(
      `${unknown.join(', ')} is no draft`,
      `Drafts are the cases with the tag "${DRAFT}" in evals/*.jsonl`,
    )
  const kept = placed.map((one) =>
    ids.includes(one.testCase.id)
      ? { ...one, testCase: { ...one.testCase, ...change(one.testCase, question) } }
      : one,
  )
  const problems = lintCases(kept, new Map(), rules).filter((line) =>
    ids.some((id) => line.includes(`: ${id}: `)),
  )
  if (question !== undefined && problems.length > 0)
    throw new InputError(problems.join('; '), 'Nothing was changed. Ask it in other words.')
  const files = new Set(placed.filter(({ testCase }) => ids.includes(testCase.id)).map(({ file }) => file))
  for (const file of files) await rewriteFile(join(root, file), { ids, question })
  return [...ids]
}

function change({ tags = [] }: { tags?: string[] | undefined }, question: string | undefined) {
  return { tags: tags.filter((tag) => tag !== DRAFT), ...(question !== undefined && { input: question }) }
}

/** Changes only the lines of these cases; the others stay byte for byte. */
async function rewriteFile(path: string, { ids, question }: Keeping): Promise<void> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  const changed = lines.map((line) => {
    if (line.trim() === '') return line
    const value = JSON.parse(line)
    return ids.includes(value.id) ? JSON.stringify({ ...value, ...change(value, question) }) : line
  })
  await replaceFile(path, changed.join('\n'))
}
