import { z } from 'zod'
import { defineGrader, fail, pass, readLabel } from '#kit/graders/grader'

const text = z.string().trim().min(1)

/**
 * Cosine between the vectors of the answer and of the expected text. What is near differs from one embedding
 * model to another: set `atLeast` by looking at good and bad answers. It does not see a "not".
 */
export const similarity = defineGrader(
  'similarity',
  { expected: text.optional(), atLeast: z.number().gt(0).max(1) },
  async ({ expected, atLeast }, attempt, tools) => {
    const wanted = readLabel(expected, attempt, text)
    if (attempt.text.trim() === '') return fail('an empty answer is near nothing')
    const { vectors, model } = await tools.embed([attempt.text, wanted], attempt.signal)
    const cosine = computeCosine(vectors[0] ?? [], vectors[1] ?? [])
    const score = Math.min(1, Math.max(0, cosine))
    const reason = `cosine ${cosine.toFixed(3)} by ${model}, wanted ${atLeast}`
    return cosine >= atLeast ? pass(reason, score) : fail(reason, score)
  },
)

/**
 * Throws for vectors that have no angle between them: of different lengths, of zeros, or with something that
 * is no number.
 */
function computeCosine(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new Error(`vectors of ${a.length} and ${b.length} numbers`)
  const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
  const cosine = dot / (Math.hypot(...a) * Math.hypot(...b))
  if (!Number.isFinite(cosine))
    throw new Error('a vector of zeros, or with something in it that is no number')
  return cosine
}
