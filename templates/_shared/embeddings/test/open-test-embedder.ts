import { type Embedder, type EmbedderOptions, openEmbedder } from '#kit/embeddings/open'
import { KEY, QUICK } from '#kit/testing/open-test-llm'
import { type Play, reply } from '../../llm/test/fault-server.ts'

/** Letters counted into 26 numbers, and one more, so that no vector is zero. */
export function hashed(text: string): number[] {
  const vector = new Array<number>(27).fill(0)
  for (const letter of text.toLowerCase().match(/[a-z]/g) ?? []) {
    const place = letter.charCodeAt(0) - 97
    vector[place] = (vector[place] ?? 0) + 1
  }
  vector[26] = 1
  return vector
}

/** The model `scripted` of an OpenAI-compatible server at `url`. It is not listed, so opening it takes one request. */
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

/** What the server's vector of a text is: three numbers that tell which text it was. */
export const vectorOf = (text: string): number[] => [text.length, text.charCodeAt(0), 1]

export const inputOf = ({ body }: { body: string }): string[] => JSON.parse(body).input

/** Embeds whatever it is sent, and reports a token for each text. */
export const embeds: Play = (response, received) => {
  const input = inputOf(received)
  return vectors(input.map(vectorOf), input.length)(response, received)
}
