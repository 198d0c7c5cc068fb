import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { hashJson } from '#kit/console/hash-json'
import { CannotRunError, toErrorMessage } from './errors.ts'
import type { EvalCase, Suite } from './suite.ts'

export interface LoadedCase<C> {
  testCase: C
  /**
   * Hash of the case's JSON before schema defaults, so that a default added later doesn't
   * change it, and of its files.
   */
  hash: string
}

/**
 * Reads the suite's cases from JSON Lines.
 * Throws one `CannotRunError` for all bad lines, or if there is no case or a file can't be read.
 */
export async function readCases<C extends EvalCase>(root: string, suite: Suite<C>): Promise<LoadedCase<C>[]> {
  const loaded = parseCases(await readCaseSource(root, suite.cases), suite.cases, suite.schema)
  const withFiles = loaded.map(async ({ testCase, hash }) => {
    const files = suite.files?.(testCase) ?? []
    if (files.length === 0) return { testCase, hash }
    return { testCase, hash: hashJson([hash, await hashFiles(root, files)]) }
  })
  return Promise.all(withFiles)
}

/**
 * Parses the cases in `text`. `file` is only for messages. Skips blank lines without changing line numbers.
 * Throws one `CannotRunError` for all bad lines, or if there is no case.
 */
export function parseCases<C extends EvalCase>(text: string, file: string, schema: z.ZodType<C>) {
  const problems: string[] = []
  const loaded: LoadedCase<C>[] = []
  const lineOfId = new Map<string, number>()
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    try {
      const value: unknown = JSON.parse(line)
      const testCase = schema.parse(value)
      const earlier = lineOfId.get(testCase.id)
      if (earlier !== undefined) throw new Error(`id "${testCase.id}" is already on line ${earlier}`)
      lineOfId.set(testCase.id, index + 1)
      loaded.push({ testCase, hash: hashJson(value) })
    } catch (error) {
      const kind = error instanceof SyntaxError ? 'not JSON: ' : ''
      problems.push(`${file}:${index + 1}: ${kind}${toErrorMessage(error)}`)
    }
  }
  if (problems.length > 0) throw new CannotRunError(problems.join('\n'), `Correct ${file}`)
  if (loaded.length === 0) throw new CannotRunError(`${file} has no case`, 'Add one JSON object per line')
  return loaded
}

/**
 * Hashes paths and contents, whatever the order of the paths.
 * Throws `CannotRunError` if a file can't be read.
 */
export async function hashFiles(root: string, paths: readonly string[]): Promise<string> {
  const contents = [...paths].sort().map(async (path) => [path, await readCaseSource(root, path)])
  return hashJson(await Promise.all(contents))
}

async function readCaseSource(root: string, path: string): Promise<string> {
  try {
    // A Windows checkout may have CRLF, which doesn't change the source.
    return (await readFile(join(root, path), 'utf8')).replaceAll('\r\n', '\n')
  } catch (error) {
    const problem = `cannot read ${path}: ${toErrorMessage(error)}`
    throw new CannotRunError(problem, 'Correct the path in the file that names it, most likely in evals/')
  }
}
