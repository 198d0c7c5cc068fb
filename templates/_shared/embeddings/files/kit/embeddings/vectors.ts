import type { EmbeddingModelV3Middleware, EmbeddingModelV3Result } from '@ai-sdk/provider'
import { z } from 'zod'
import { LlmError } from '#kit/llm/errors'

/**
 * Ensures one usable vector per text, in the order of the texts; else throws `LlmError`.
 * A wrong vector in an index would silently spoil every search. `model` names the model in the error.
 * With `dimensions` undefined, any length is accepted if all vectors have it.
 */
export function validateVectors(model: string, dimensions: number | undefined): EmbeddingModelV3Middleware {
  return {
    specificationVersion: 'v3',
    wrapEmbed: async ({ doEmbed, params }) => {
      const result = await doEmbed()
      const embeddings = sortByIndex(result)
      const problem = findVectorProblem(
        embeddings,
        params.values.length,
        dimensions ?? embeddings[0]?.length ?? 0,
      )
      if (problem === undefined) return { ...result, embeddings }
      const hint =
        'Check that AI_EMBEDDING_MODEL is an embedding model, always the same one, and the base URL.'
      throw new LlmError('invalid-response', `${model} sent ${problem}`, { hint })
    },
  }
}

const places = z.object({ data: z.array(z.object({ index: z.number() })) })

/** Sorts the vectors by the API's `index`, which says which text each belongs to. The SDK ignores it. */
function sortByIndex({ embeddings, response }: EmbeddingModelV3Result): number[][] {
  const indices = places.safeParse(response?.body).data?.data
  return embeddings
    .map((vector, at) => ({ vector, place: indices?.[at]?.index ?? at }))
    .sort((a, b) => a.place - b.place)
    .map(({ vector }) => vector)
}

function findVectorProblem(vectors: number[][], wanted: number, dimensions: number): string | undefined {
  if (vectors.length !== wanted) return `${vectors.length} vectors for ${wanted} texts`
  const other = vectors.find((vector) => vector.length !== dimensions)
  if (other !== undefined) return `a vector of ${other.length} numbers instead of ${dimensions}`
  if (!vectors.flat().every(Number.isFinite)) return 'a vector with something in it that is not a number'
  const isZero = (vector: number[]) => vector.every((value) => value === 0)
  return vectors.some(isZero) ? 'a vector of zeros, which is near to nothing' : undefined
}
