import { ConfigError } from '#kit/console/errors'
import { answer, type Question, streamAnswer } from '#kit/llm/answer'
import { LlmError } from '#kit/llm/errors'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import type { Llm } from '#kit/llm/model'
import { estimateTokens } from '#kit/llm/tokens'
import { summariseHeuristically } from '#kit/offline/summarise'
import { chunkText } from './chunk.ts'
import { partPrompt, SYSTEM, summaryPrompt } from './prompts.ts'
import type { SummaryRequest } from './request.ts'

export interface SummariseOptions {
  signal?: AbortSignal
  /** Told before each call on a part of a document that does not fit into the context window. */
  onPart?: (part: number, parts: number) => void
}

/**
 * Streams a summary. A text over the context window is read in parts, and their summaries are summarised.
 * Throws what the provider layer throws (`LlmError`, `ConfigError`, an abort).
 */
export async function* summarise(
  llm: Llm,
  request: SummaryRequest,
  options: SummariseOptions = {},
): AsyncGenerator<string> {
  let { text } = request
  while (estimateTokens(text) > roomForText(llm)) {
    const chunks = chunkText(text, roomForText(llm))
    const notes: string[] = []
    for (const [index, chunk] of chunks.entries()) {
      options.onPart?.(index + 1, chunks.length)
      const part: SummaryRequest = { text: chunk, length: 'long', style: 'bullets' }
      notes.push(
        await answer(llm, question(part, partPrompt(part, index + 1, chunks.length), options.signal)),
      )
    }
    text = shorterThan(text, notes.join('\n\n'))
  }
  const whole: SummaryRequest = { ...request, text }
  yield* streamAnswer(llm, question(whole, summaryPrompt(whole), options.signal))
}

/** What the embedded heuristic provider can be asked here. */
export const heuristicTasks: HeuristicTasks = { summarise: (input) => summariseHeuristically(input) }

// Far more than a summary needs: models that reason spend output tokens before the first word, and a cut answer is an error.
const MAX_OUTPUT_TOKENS = 2_048
const INSTRUCTION_TOKENS = 400
const ESTIMATE_MARGIN = 0.85 // token counts are estimates: see llm/tokens.ts

/** Tokens of text that fit into one call beside the instructions and the answer. */
function roomForText(llm: Llm): number {
  const room = Math.floor((llm.contextWindow - MAX_OUTPUT_TOKENS - INSTRUCTION_TOKENS) * ESTIMATE_MARGIN)
  if (room >= 500) return room
  const hint = 'Serve the model with a context window of at least 4,096 tokens.'
  throw new ConfigError(`A context window of ${llm.contextWindow} tokens is too small to summarise in`, hint)
}

function question(request: SummaryRequest, prompt: string, signal: AbortSignal | undefined): Question {
  const heuristic = { task: 'summarise', input: request }
  return { system: SYSTEM, prompt, heuristic, maxOutputTokens: MAX_OUTPUT_TOKENS, ...(signal && { signal }) }
}

/** Reading in parts must get somewhere: notes as long as the text would be summarised for ever, at your cost. */
function shorterThan(text: string, notes: string): string {
  if (estimateTokens(notes) < estimateTokens(text) / 2) return notes
  throw new LlmError(
    'invalid-response',
    'The notes on the parts are not shorter than half of the text itself',
    {
      hint: 'The model ignores the length it is asked for: try another model.',
    },
  )
}
