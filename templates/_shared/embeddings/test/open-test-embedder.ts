import { type Embedder, type EmbedderOptions, openEmbedder } from '#kit/embeddings/open'
import { KEY, QUICK } from '#kit/testing/open-test-llm'
import { type Play, reply } from '../../llm/test/fault-server.ts'

/** Counts the letters a to z into 26 numbers, and adds a constant one so that no vector is zero. */
export function hashed(text: string): number[] {
  const vector = new Array<number>(27).fill(0)
  for (const letter of text.toLowerCase().match(/[a-z]/g) ?? []) {
    const place = letter.charCodeAt(0) - 97
    vector[place] = (vector[place] ?? 0) + 1
  }
  vector[26] = 1
  return vector
}

/**
 * Opens the model `scripted` of an OpenAI-compatible server at `url`.
 * The model isn't listed, so this sends one request.
 */
export function openAt(url: string, options: Partial<EmbedderOptions> = {}): Promise<Embedder> {
  return openEmbedder({
    env: { OPENAI_BASE_URL: url, OPENAI_API_KEY: KEY, AI_EMBEDDING_MODEL: 'scripted' },
    hashed,
    ...options,
    policy: { ...QUICK, ...options.policy },
  })
}

export const vectors = (embeddings: unknown[], tokens?: number): Play =>
  reply(
    200,
    JSON.stringify({
      object: 'list',
      data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      model: 'scripted',
      ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
    }),
  )

/** The server's vector for a text: three numbers that identify the text. */
export const vectorOf = (text: string): number[] => [text.length, text.charCodeAt(0), 1]

export const inputOf = ({ body }: { body: string }): string[] => JSON.parse(body).input

/** Answers with a vector for every text, and reports one token per text. */
export const embeds: Play = (response, received) => {
  const input = inputOf(received)
  return vectors(input.map(vectorOf), input.length)(response, received)
}
