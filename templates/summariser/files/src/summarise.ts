import { streamAnswer } from '#kit/llm/answer'
import type { Llm } from '#kit/llm/model'
import { buildSummaryPrompt, SYSTEM } from './prompts.ts'
import { chooseWordCount, type SummaryRequest } from './request.ts'
import { fitIntoWindow, MAX_OUTPUT_TOKENS, type ReadOptions } from './window.ts'

/**
 * Streams a summary of a text of any length. A text that doesn't fit into the model's context window is read in
 * parts first. Throws an `LlmError` when an answer is missing or incomplete, a `ConfigError` when the window is
 * too small to work with, and the signal's reason on an abort.
 */
export async function* summarise(
  llm: Llm,
  request: SummaryRequest,
  options: ReadOptions = {},
): AsyncGenerator<string> {
  const text = await fitIntoWindow(llm, request.text, options)
  yield* streamSummary(llm, { ...request, text }, options.signal)
}

/**
 * Calls the model once, with `SYSTEM`, the prompt of `buildSummaryPrompt` and at most `MAX_OUTPUT_TOKENS` of
 * output, and yields its answer as it arrives. The heuristic provider reads no prompt: it gets the task
 * `summarise`, whose input is the request with its `words`. The text must fit into the context window. Throws
 * an `LlmError` when the answer is missing or incomplete, and the signal's reason on an abort.
 */
export function streamSummary(
  llm: Llm,
  request: SummaryRequest,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  return streamAnswer(llm, {
    system: SYSTEM,
    prompt: buildSummaryPrompt(request),
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    // The same question as data, for kit/offline/summarise.ts alone: rules can't read a prompt. A model never sees it.
    heuristic: { task: 'summarise', input: { ...request, words: chooseWordCount(request) } },
    signal,
  })
}
