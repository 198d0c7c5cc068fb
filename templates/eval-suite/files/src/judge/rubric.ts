import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'

/** The levels that a judge scores by. */
export interface Rubric {
  /** The whole file, which the judge reads unchanged. */
  text: string
  /** Ascending, without gaps. */
  levels: readonly number[]
  /** An answer at this level or above passes. */
  pass: number
}

const LEVEL = /^[-*]\s+(\d{1,2}):\s+\S/gm
const PASS = /^Pass:\s*(\d{1,2})\s*$/m

/**
 * Reads a Markdown file with one list item per level, `- 3: ...`, and a line `Pass: 3`. Throws a
 * `CannotRunError` for a file without levels or without a valid `Pass` line.
 */
export async function readRubric(root: string, path: string): Promise<Rubric> {
  try {
    return parseRubric(await readFile(join(root, path), 'utf8'))
  } catch (error) {
    throw new CannotRunError(
      `${path}: ${toErrorMessage(error)}`,
      'A rubric lists its levels as "- 1: ..." and has a line "Pass: N"',
    )
  }
}

export function parseRubric(text: string): Rubric {
  const levels = [...text.matchAll(LEVEL)].map(([, level]) => Number(level)).sort((a, b) => a - b)
  if (levels.length < 2) throw new Error('needs two levels or more')
  const lowest = levels[0] ?? 0
  if (levels.some((level, index) => level !== lowest + index))
    throw new Error('a level is missing or stands there twice')
  const pass = Number(PASS.exec(text)?.[1] ?? Number.NaN)
  if (!levels.includes(pass)) throw new Error('no line says at which level an answer passes')
  if (pass === lowest) throw new Error('the lowest level passes, so every answer would')
  return { text: text.trim(), levels, pass }
}
