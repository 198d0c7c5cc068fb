import * as z from 'zod'
import type { Source } from '#kit/bot/contract'
import type { HeuristicTask } from '#kit/llm/heuristic'
import { selectOverview } from '#kit/retrieval/overview'
import { type QuoteRequest, selectQuotes } from '#kit/retrieval/quotes'

/**
 * A question as the heuristic provider gets it: the same material as a model, as data instead of a prompt.
 */
const answerRequest = z.strictObject({
  question: z.string(),
  previous: z.string(),
  /** In the order of their numbers. */
  sources: z.array(z.strictObject({ document: z.string(), heading: z.string(), text: z.string() })),
  weights: z.record(z.string(), z.number()),
})

export function toAnswerRequest(
  { question, previous, weights }: QuoteRequest,
  sources: readonly Source[],
): z.infer<typeof answerRequest> {
  return {
    question,
    previous,
    sources: sources.map(({ document, text, title, headings }) => ({
      document,
      heading: [title, ...headings].join(' '),
      text,
    })),
    weights: Object.fromEntries(weights),
  }
}

interface AnswerRules {
  refusal: string
  /** Text of a document without what looks like a citation. */
  withoutMarks: (text: string) => string
}

/**
 * Answers with sentences of the sources, word for word, each with its number; refuses when none shares enough
 * words with the question. A question without a term to look for gets an overview.
 */
export function createAnswerTask({ refusal, withoutMarks }: AnswerRules): HeuristicTask {
  return (input) => {
    const { question, previous, sources, weights } = answerRequest.parse(input)
    const passages = sources.map(({ document, heading, text }) => ({ source: document, heading, text }))
    const asked = { question, previous, weights: new Map(Object.entries(weights)) }
    const quotes = asked.weights.size === 0 ? selectOverview(passages) : selectQuotes(asked, passages)
    if (quotes.length === 0) return refusal
    const lines = quotes.flatMap(({ passage, text }) =>
      withoutMarks(text)
        .split('\n')
        .map((line) => `${line} [${passage + 1}]`),
    )
    return lines.join('\n')
  }
}
