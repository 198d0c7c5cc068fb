import { LlmError } from '../llm/errors.ts'
import type { Fetch } from '../llm/fetch.ts'

/** In bytes. Answers have kilobytes, a batch of embeddings up to 20 megabytes; a stream has some 250 bytes a token. */
const LARGEST = { answer: 32_000_000, stream: 48_000_000, error: 1_000_000 }

/**
 * Wraps `fetch` to end a body that is larger than any answer: reading it throws an LlmError, and the
 * connection is closed.
 */
export function limitBodies(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.body === null) return response
    const isStream = /event-stream/i.test(response.headers.get('content-type') ?? '')
    const most = LARGEST[isStream ? 'stream' : response.ok ? 'answer' : 'error']
    return new Response(response.body.pipeThrough(countBytes(most)), response)
  }
}

function countBytes(most: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes <= most) return controller.enqueue(chunk)
      const problem = `the server sent more than ${most / 1_000_000} MB`
      const hint = 'Ask for less, or check what the base URL leads to.'
      throw new LlmError('invalid-response', problem, { hint })
    },
  })
}
