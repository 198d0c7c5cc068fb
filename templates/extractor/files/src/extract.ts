import type { ExtractionAttempt, ExtractOptions } from '#kit/command/extractor'
import type { Document } from '#kit/console/input'
import type { Llm } from '#kit/llm/model'
import { openCalls } from './ask.ts'
import { readSource } from './evidence.ts'
import { buildExtraction, type Extraction, type Setup } from './extraction.ts'
import { writeMessages, writeRepairPrompt } from './prompts.ts'
import { reviewAnswer } from './review.ts'

/** The first answer and at most two repairs. */
const MAX_ATTEMPTS = 3

/**
 * Takes the data of one schema out of one document: ask, check, ask again with what was wrong. A model
 * proposes a quote and a value for each field; code decides what stays. Every value that stays has its
 * evidence, the place in the document that says it; any other is null.
 *
 * Asks until a review has no problems or `isLast` says that another attempt is of no use. Each time it asks
 * again, the messages grow by the model's answer and by `writeRepairPrompt`, and `onRetry` is called before.
 *
 * Throws an `ExtractionError` with every answer when none fits the schema, an `LlmError` when the model gives
 * no answer, or the signal's reason.
 */
export async function extract(
  document: Document,
  setup: Setup,
  { signal, onRetry }: ExtractOptions = {},
): Promise<Extraction> {
  const { root, pattern, llm } = setup
  const source = readSource(document.text)
  const calls = openCalls(document, setup, signal)
  const messages = await writeMessages(pattern, { document: document.text, root, askText: calls.askText })
  const attempts: ExtractionAttempt[] = []
  for (;;) {
    const raw = await calls.askData(messages)
    const review = reviewAnswer(root, raw, source)
    attempts.push({ raw, problems: review.problems })
    if (review.problems.length === 0 || isLast(attempts, llm)) {
      return buildExtraction(document, setup, { review, attempts, used: calls.used })
    }
    onRetry?.(document.name, review.problems)
    messages.push(
      { role: 'assistant', content: raw },
      { role: 'user', content: writeRepairPrompt(review.problems) },
    )
  }
}

/** A model that repeats itself won't improve, and the heuristic provider never changes its answer. */
function isLast(attempts: readonly ExtractionAttempt[], { deterministic }: Llm): boolean {
  if (deterministic || attempts.length >= MAX_ATTEMPTS) return true
  return attempts.length > 1 && attempts.at(-1)?.raw === attempts.at(-2)?.raw
}
