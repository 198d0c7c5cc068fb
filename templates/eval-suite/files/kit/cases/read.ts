import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCases } from '#kit/evals/cases'
import type { CaseRules } from './case.ts'
import type { PlacedCase } from './lint.ts'

/**
 * All cases of `evals/*.jsonl`, in the order of the files. Throws `CannotRunError` for lines that are no
 * cases.
 */
export async function readAllCases(
  root: string,
  { schema }: Pick<CaseRules, 'schema'>,
): Promise<PlacedCase[]> {
  const names = (await readdir(join(root, 'evals'))).filter((name) => name.endsWith('.jsonl')).sort()
  const files = names.map(async (name) => {
    const file = `evals/${name}`
    const loaded = parseCases(await readFile(join(root, file), 'utf8'), file, schema)
    return loaded.map(({ testCase }) => ({ testCase, file }))
  })
  return (await Promise.all(files)).flat()
}

/** The files that cases name; one that cannot be read is missing in the result. */
export async function readMaterial(root: string, cases: readonly PlacedCase[]): Promise<Map<string, string>> {
  const paths = new Set(cases.flatMap(({ testCase }) => testCase.files ?? []))
  const texts = new Map<string, string>()
  for (const path of paths) {
    const text = await readFile(join(root, path), 'utf8').catch(() => undefined)
    if (text !== undefined) texts.set(path, text)
  }
  return texts
}
