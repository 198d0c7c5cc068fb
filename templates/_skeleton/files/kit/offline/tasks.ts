import * as z from 'zod'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { findParagraphs } from '#kit/text/paragraphs'
import { splitSentences } from '#kit/text/sentences'

/**
 * What the offline provider can do, by the task that a question names: real work on any text, and not a
 * language model.
 */
export const offlineTasks: HeuristicTasks = { answer: (input) => quoteFirstSentence(z.string().parse(input)) }

/**
 * Returns the first sentence of the first paragraph of prose, or of the whole text when no paragraph is
 * prose.
 */
function quoteFirstSentence(text: string): string {
  const paragraphs = findParagraphs(text)
    .filter(({ kind }) => kind === 'prose')
    .map(({ start, end }) => text.slice(start, end))
  const prose = paragraphs.find((paragraph) => /^[\p{L}\p{N}"'].*[.!?]/su.test(paragraph)) ?? text
  return splitSentences(prose)[0] ?? ''
}
