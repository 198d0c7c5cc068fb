import type { Turn } from '#kit/bot/contract'
import { stripInvisible } from '#kit/files/text'
import { answer } from '#kit/llm/answer'
import type { Llm } from '#kit/llm/model'
import { extractTerms } from '#kit/retrieval/terms'
import { buildRewritePrompt, REWRITE_SYSTEM } from './prompts.ts'

/** A question that stands alone, ready for search. */
export interface Standalone {
  question: string
  /** For the heuristic provider, which cannot rewrite: the question before, whose words count half. */
  previous: string
}

const REMEMBERED = 4 // turns: what a follow-up points to is near
const MAX_TOKENS = 1_024

/**
 * "And how long does it take?" finds nothing. With a model, a follow-up is rewritten with the conversation
 * before it; without one, the question before is searched for as well. Throws what the provider layer throws.
 */
export async function rewriteQuestion(
  llm: Llm,
  asked: string,
  history: readonly Turn[],
  signal?: AbortSignal,
): Promise<Standalone> {
  // Documents are cleaned in the same way: an invisible character must not hide words from search.
  const question = stripInvisible(asked)
  const recent = history.slice(-REMEMBERED)
  if (recent.length === 0) return { question, previous: '' }
  if (llm.deterministic)
    return { question, previous: isFollowUp(question) ? (recent.at(-1)?.question ?? '') : '' }
  const rewritten = await answer(llm, {
    system: REWRITE_SYSTEM,
    prompt: buildRewritePrompt(recent, question),
    heuristic: { task: 'rewrite', input: null },
    maxOutputTokens: MAX_TOKENS,
    ...(signal && { signal }),
  })
  return { question: takeFirstLine(rewritten) || question, previous: '' }
}

/**
 * Detects a question that refers to an earlier one, or has no term to search for. "That" counts only where it
 * is not a "which".
 */
function isFollowUp(question: string): boolean {
  const pronoun = /\b(?:it|its|he|she|him|her|they|them|their)\b/i
  const pointer =
    /\b(?:does|do|did|is|are|was|will|can|about|of|for|with|after|before)\s+(?:that|this|those|these)\b/i
  const goesOn = /^\s*(?:and|what about|how about|but)\b/i
  return [pronoun, pointer, goesOn].some((sign) => sign.test(question)) || extractTerms(question).length === 0
}

/** Takes the first line: a model that explains itself does so after the question. */
function takeFirstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').replace(/^(?:Last question|Question):\s*/i, '').slice(0, 2_000)
}
