import type { EmbeddingModelV3Middleware, EmbeddingModelV3Result } from '@ai-sdk/provider'
import { z } from 'zod'
import { LlmError } from '#kit/llm/errors'

/**
 * One usable vector per text, in the order of the texts, or an `LlmError`: a wrong one in an index spoils every search
 * without a sign. `model` is who was asked; `dimensions` undefined: any, but all the same.
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

/** The API says by `index` which text a vector belongs to; the SDK takes them as they come. */
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
