import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'

/** An answer and a person's verdict on it. */
export const label = z.strictObject({
  id: z.string().min(1),
  question: z.string().min(1),
  reference: z.string().min(1).optional(),
  sources: z.array(z.string().min(1)).default([]),
  answer: z.string(),
  /** Whether the person would pass the answer by the rubric. */
  pass: z.boolean(),
  /** The person's reason, for readers who disagree. */
  why: z.string().min(1),
})
export type Label = z.infer<typeof label>

/** Fewer labels, or labels of one kind only, say almost nothing about a judge. */
const FEWEST = 20
const FEWEST_OF_A_KIND = 5

/**
 * Reads the labels of a JSON Lines file. Throws a `CannotRunError` that names every invalid line, or says
 * that the labels are too few.
 */
export async function readLabels(root: string, path: string): Promise<Label[]> {
  const text = await readFile(join(root, path), 'utf8').catch((error: unknown) => {
    throw new CannotRunError(
      `cannot read ${path}: ${toErrorMessage(error)}`,
      'A judge is measured with it before its scores count',
    )
  })
  const problems: string[] = []
  const labels = text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [label.parse(JSON.parse(line))]
    } catch (error) {
      problems.push(`${path}:${index + 1}: ${toErrorMessage(error)}`)
      return []
    }
  })
  if (problems.length > 0) throw new CannotRunError(problems.join('\n'), `Correct ${path}`)
  assertEnough(labels, path)
  return labels
}

function assertEnough(labels: readonly Label[], path: string): void {
  if (new Set(labels.map(({ id }) => id)).size < labels.length)
    throw new CannotRunError(`${path}: an id stands there twice`, 'Name each label once')
  const passing = labels.filter(({ pass }) => pass).length
  if (labels.length >= FEWEST && Math.min(passing, labels.length - passing) >= FEWEST_OF_A_KIND) return
  const found = `${path} has ${passing} answers that pass and ${labels.length - passing} that do not`
  throw new CannotRunError(found, `Label ${FEWEST} or more, ${FEWEST_OF_A_KIND} of each kind`)
}
