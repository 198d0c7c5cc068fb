import type { Source } from '#kit/bot/contract'
import type { Standalone } from './conversation.ts'
import { scoreEvidence } from './evidence.ts'
import { REFUSAL } from './prompts.ts'
import type { Retrieval } from './retrieve.ts'
import { settings } from './settings.ts'

/**
 * Checks whether the sources hold enough of the question to answer it. The threshold compares words, so it is
 * for lexical search; with vectors that know meaning, the model decides. A question without search terms has
 * no threshold.
 */
export function hasEvidence(
  { question, previous }: Standalone,
  { strategy, weights }: Retrieval,
  sources: readonly Source[],
): boolean {
  if (sources.length === 0) return false
  if (strategy !== 'lexical') return true
  const passages = sources.map(({ document, title, headings, text }) => {
    return { source: document, heading: [title, ...headings].join(' '), text }
  })
  return scoreEvidence({ question, previous, weights }, passages) >= settings.minEvidence
}

/** The answer without a model. */
export async function* refuse(): AsyncGenerator<string> {
  yield REFUSAL
}
