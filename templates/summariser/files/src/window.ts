import { ConfigError } from '#kit/console/errors'
import { answer } from '#kit/llm/answer'
import { LlmError } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'
import { estimateTokens } from '#kit/llm/tokens'
import { chunkText } from './chunk.ts'
import { buildPartPrompt, SYSTEM } from './prompts.ts'
import { chooseWordCount, type SummaryRequest } from './request.ts'

/**
 * Far more than a summary needs: a model that reasons spends output tokens before the first word, and a
 * cut-off answer is an error.
 */
export const MAX_OUTPUT_TOKENS = 2_048
/** In a smaller window a part has no room for notes that are half as long. */
const MIN_WINDOW = 4_096
/** The rules and the longer of the two prompts take about 300. */
const INSTRUCTION_TOKENS = 400
/** A part may be counted too low by a seventh and still fits. The cost limit allows for more: kit/llm/tokens.ts. */
const ESTIMATE_MARGIN = 0.85

export interface ReadOptions {
  signal?: AbortSignal | undefined
  /** Called before each call on a part of what is too long for one call: the text, or in a later round the notes. */
  onPart?: (part: number, parts: number) => void
}

/**
 * Returns the text when it fits: when it has at most `computeRoom` tokens. Otherwise cuts it into parts that fit,
 * takes notes on them, and does the same with the notes until they fit. Throws an `LlmError` when notes are not
 * shorter than half of the text that they are on (`assertHalved`), and a `ConfigError` when the window is too
 * small.
 */
export async function fitIntoWindow(llm: Llm, text: string, options: ReadOptions): Promise<string> {
  const room = computeRoom(llm)
  let fitted = text
  while (estimateTokens(fitted) > room) {
    const notes = await takeNotes(llm, chunkText(fitted, room), options)
    assertHalved(fitted, notes)
    fitted = notes
  }
  return fitted
}

/**
 * Calls the model once per part, one part after another, and returns the notes with an empty line between them:
 * map, then combine. Each call has `SYSTEM`, the prompt of `buildPartPrompt` for a long summary in bullets (parts
 * count from 1), and at most `MAX_OUTPUT_TOKENS` of output; the heuristic provider gets what it gets in
 * `streamSummary`. Calls `onPart` before each. Throws like `answer`.
 */
export async function takeNotes(
  llm: Llm,
  parts: readonly string[],
  { signal, onPart }: ReadOptions,
): Promise<string> {
  const notes: string[] = []
  for (const [index, text] of parts.entries()) {
    onPart?.(index + 1, parts.length)
    // Long bullets, whatever the reader asked for: notes should lose little.
    const request: SummaryRequest = { text, length: 'long', style: 'bullets' }
    const note = await answer(llm, {
      system: SYSTEM,
      prompt: buildPartPrompt(request, index + 1, parts.length),
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      // As in streamSummary: for the offline provider only.
      heuristic: { task: 'summarise', input: { ...request, words: chooseWordCount(request) } },
      signal,
    })
    notes.push(note)
  }
  return notes.join('\n\n')
}

/** Returns how many tokens of text fit into one call next to the instructions and the answer. */
function computeRoom({ contextWindow }: Llm): number {
  if (contextWindow >= MIN_WINDOW)
    return Math.floor((contextWindow - MAX_OUTPUT_TOKENS - INSTRUCTION_TOKENS) * ESTIMATE_MARGIN)
  const hint = `Serve the model with a context window of at least ${MIN_WINDOW} tokens.`
  throw new ConfigError(`A context window of ${contextWindow} tokens is too small to summarise in`, hint)
}

/**
 * Half, so that rounds are few. Without this check, a model that ignores the length would take notes on its notes
 * forever, at your cost.
 */
function assertHalved(text: string, notes: string): void {
  if (estimateTokens(notes) < estimateTokens(text) / 2) return
  const hint = 'The model ignores the length it is asked for: try another model.'
  throw new LlmError('invalid-response', 'The notes on the parts are not shorter than half of the text', {
    hint,
  })
}
