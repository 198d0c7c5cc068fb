import * as z from 'zod'
import type { Provider } from '#kit/evals/report'
import type { Answered } from '#kit/evals/suite'
import { readEvents } from './event-stream.ts'

/** Of `ask-sse.v1`, what is graded. Later versions may add keys. */
const sourcesEvent = z.object({ sources: z.array(z.object({ document: z.string(), text: z.string() })) })
const doneEvent = z.object({
  text: z.string(),
  citations: z.array(
    z.object({ claim: z.object({ text: z.string(), citations: z.array(z.number().int().min(0)) }) }),
  ),
  provider: z.string(),
  model: z.string(),
  usage: z.object({
    inputTokens: z.number(),
    outputTokens: z.number(),
    costUsd: z.number().nullable(),
  }),
})
const errorEvent = z.object({ code: z.string(), message: z.string() })

export interface AskAnswer extends Answered {
  provider: Provider
}

/** The model behind the target answered, and the answer is of no use: it is kept as an empty one, and fails its case. */
const UNUSABLE = /^The model failed: (?:empty|truncated|filtered)$/

/**
 * An answer that came as `ask-sse.v1`. Throws for an error event, unless the model's answer was empty, cut off
 * or filtered, and for a stream that ends without `done`.
 */
export async function readAskStream(body: AsyncIterable<Uint8Array>): Promise<Answered | AskAnswer> {
  let sources: z.infer<typeof sourcesEvent>['sources'] = []
  for await (const { event, data } of readEvents(body)) {
    if (event === 'sources') sources = sourcesEvent.parse(JSON.parse(data)).sources
    if (event === 'error') {
      const { code, message } = errorEvent.parse(JSON.parse(data))
      if (code === 'model_failed' && UNUSABLE.test(message)) return { output: '', sources }
      throw new Error(`the target reports ${code}: ${message}`)
    }
    if (event === 'done') return answerIn(doneEvent.parse(JSON.parse(data)), sources)
  }
  throw new Error('the answer was cut off: its stream has no end')
}

function answerIn(done: z.infer<typeof doneEvent>, sources: AskAnswer['sources'] & {}): AskAnswer {
  const { inputTokens, outputTokens, costUsd } = done.usage
  return {
    output: done.text,
    sources,
    citations: done.citations.map(({ claim }) => ({ claim: claim.text, sources: claim.citations })),
    usage: { inputTokens: Math.round(inputTokens), outputTokens: Math.round(outputTokens), costUsd },
    provider: { name: done.provider, model: done.model, deterministic: done.provider === 'heuristic' },
  }
}
