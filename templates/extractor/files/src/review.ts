import type { ObjectField } from '#kit/fields/field'
import { parseObject } from '#kit/structured/parse-object'
import { type Checked, checkAnswer } from './check.ts'
import type { Source } from './evidence.ts'
import { removeReasoning } from './reasoning.ts'

/** What an answer is worth, and what to ask again for. */
export interface Review {
  /** undefined: the answer has no JSON object that can be read in one way. */
  result: Checked | undefined
  /**
   * What the model can do better. Never a quote that is not in the document: asked again, the model would
   * find another one.
   */
  problems: string[]
  /** Why the data breaks the schema. */
  misfit: string | undefined
}

/**
 * Reviews an answer as the model wrote it: reasoning off, parse (`parseObject`), check each value
 * (`checkAnswer`), then the whole. Never throws.
 *
 * An answer that can't be parsed has its problem, and no result. Otherwise problems are the issues `malformed`
 * and `invalid`, as `path: message`. A `missing` value makes the data a misfit, which names its path; a missing row
 * does not (its path ends in a number), because it is left out. If nothing is missing, `root.problem` says what
 * breaks the schema as a whole: that is a misfit and, because a model can do better, also the last problem.
 */
export function reviewAnswer(root: ObjectField, raw: string, source: Source): Review {
  const parsed = parseObject(removeReasoning(raw))
  if ('problem' in parsed) return { result: undefined, problems: [parsed.problem], misfit: undefined }
  const result = checkAnswer(root, parsed.value, source)
  const broken = result.issues.filter(({ code }) => code === 'malformed' || code === 'invalid')
  const problems = broken.map(({ path, message }) => `${path}: ${message}`)
  // A row that lacks something is left out; the data fits without it.
  const missing = result.issues.filter(({ code, path }) => code === 'missing' && !/\.\d+$/.test(path))
  if (missing.length > 0) {
    const misfit = `${missing.map(({ path }) => path).join(', ')} not found, but required`
    return { result, problems, misfit }
  }
  // Rules that only the whole can break: the length of a list, a rule over several fields.
  const misfit = root.problem(result.data)
  return { result, problems: misfit ? [...problems, misfit] : problems, misfit }
}
