import { parseAnswer } from '../ask/parse-answer.ts'
import type { ObjectField } from '../fields/fields.ts'
import { type Checked, checkAnswer } from './answer.ts'
import type { Source } from './evidence.ts'

/** What can be used of an answer, and what the model could do better if it were asked again. */
export interface Review {
  /** undefined: there is no telling what the answer is. */
  result: Checked | undefined
  /** What the model can do better. A quote that is not there is not among it: asked again, it would find another. */
  problems: string[]
  /** Why the data is not of the schema, if nothing better comes. */
  misfit: string | undefined
}

/** Reviews an answer as the model wrote it. Never throws. */
export function reviewAnswer(root: ObjectField, raw: string, source: Source): Review {
  const parsed = parseAnswer(raw)
  if ('problem' in parsed) return { result: undefined, problems: [parsed.problem], misfit: undefined }
  const result = checkAnswer(root, parsed.value, source)
  const broken = result.issues.filter(({ code }) => code === 'malformed' || code === 'invalid')
  const problems = broken.map(({ path, message }) => `${path}: ${message}`)
  const missing = result.issues.filter(({ code, path }) => code === 'missing' && !/\.\d+$/.test(path))
  if (missing.length > 0) {
    const misfit = `${missing.map(({ path }) => path).join(', ')} not found, but required`
    return { result, problems, misfit }
  }
  // What only the whole can break: the length of a list, a rule over several fields.
  const misfit = root.problem(result.data)
  return { result, problems: misfit ? [...problems, misfit] : problems, misfit }
}
