import * as z from 'zod'
import { overviewOf } from '#kit/retrieval/overview'
import { quotesFor } from '#kit/retrieval/quotes'
import { REFUSAL, withoutMarks } from '../../src/prompts.ts'

/** A question as the heuristic provider gets it: the same material as a model, as data instead of a prompt. */
export const answerRequest = z.strictObject({
  question: z.string(),
  previous: z.string(),
  /** In the order of their numbers. */
  sources: z.array(z.strictObject({ document: z.string(), heading: z.string(), text: z.string() })),
  weights: z.record(z.string(), z.number()),
})
export type AnswerRequest = z.infer<typeof answerRequest>

/**
 * Answers with sentences of the sources, word for word, each with its number; refuses when none shares enough words with the question. One without a term to
 * look for gets an overview.
 */
export function answerFromSources(input: unknown): string {
  const { question, previous, sources, weights } = answerRequest.parse(input)
  const passages = sources.map(({ document, heading, text }) => ({ source: document, heading, text }))
  const asked = { question, previous, weights: new Map(Object.entries(weights)) }
  const quotes = asked.weights.size === 0 ? overviewOf(passages) : quotesFor(asked, passages)
  if (quotes.length === 0) return REFUSAL
  return quotes.map(({ passage, text }) => `${withoutMarks(text)} [${passage + 1}]`).join('\n')
}
