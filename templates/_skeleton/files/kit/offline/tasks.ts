import * as z from 'zod'
import type { HeuristicTasks } from '#kit/llm/heuristic'

/** What the offline provider can do, by the task that a question names: real work on any text, and not a language model. */
export const offlineTasks: HeuristicTasks = { answer: (input) => quoteFirstSentence(z.string().parse(input)) }

/** Returns the first sentence of the first paragraph of prose, or of the whole text when no paragraph is prose. */
function quoteFirstSentence(text: string): string {
  const paragraphs = text.split(/\n\s*\n/).map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
  const prose =
    paragraphs.find((paragraph) => /^[\p{L}\p{N}"'].*[.!?]/u.test(paragraph)) ?? paragraphs.join(' ')
  const [first] = new Intl.Segmenter('en', { granularity: 'sentence' }).segment(prose)
  return first?.segment.trim() ?? ''
}
