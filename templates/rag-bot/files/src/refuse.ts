import type { Source } from '#kit/bot/contract'
import { detectLanguage } from '#kit/retrieval/language'
import type { Standalone } from './conversation.ts'
import { scoreEvidence } from './evidence.ts'
import { REFUSAL } from './prompts.ts'
import type { Retrieval } from './retrieve.ts'
import { settings } from './settings.ts'

/**
 * Whether to try an answer. Without sources: no. After a `lexical` search: only if the evidence in the sources
 * (`scoreEvidence`; a passage's heading is its title and headings, joined by spaces) is at least
 * `settings.minEvidence`. After any other search: yes, because the threshold compares words. With vectors that
 * know meaning the model decides, and a question without search terms has no evidence.
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

/**
 * Whether words cannot tell if the sources answer a question: it is in another language or script than they are. Then
 * only a model can.
 */
export function isForeign(question: string, sources: readonly Source[]): boolean {
  const describe = (text: string) => `${detectLanguage(text)} ${/\p{Script=Latin}/u.test(text)}`
  return sources.length > 0 && sources.every(({ text }) => describe(text) !== describe(question))
}

/** The answer without a model. */
export async function* refuse(): AsyncGenerator<string> {
  yield REFUSAL
}
