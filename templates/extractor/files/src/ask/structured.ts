import type { JSONSchema7, JSONValue } from '@ai-sdk/provider'
import {
  generateText,
  jsonSchema,
  type LanguageModelUsage,
  type ModelMessage,
  NoObjectGeneratedError,
  Output,
} from 'ai'
import { LlmError } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'

export interface StructuredQuestion {
  system: string
  messages: ModelMessage[]
  /** Of the JSON that the answer is to be; undefined: plain text. */
  schema: JSONSchema7 | undefined
  /** The same question as data, for the heuristic provider; other providers never see it. */
  heuristic: { task: string; input: JSONValue }
  maxOutputTokens: number
  signal?: AbortSignal | undefined
}

export interface RawAnswer {
  /** As the model wrote it: not parsed, not validated. Both are the caller's, who keeps what was wrong with it. */
  text: string
  usage: LanguageModelUsage
}

type Mode = 'schema' | 'json' | 'text'

/** Asks one question. Throws an `LlmError`, or the signal's reason on an abort. */
export type AskStructured = (question: StructuredQuestion) => Promise<RawAnswer>

/**
 * Structured output by the provider's own means: Anthropic `output_config`, OpenAI `text.format` in strict mode, `response_format`
 * elsewhere. A compatible server that refuses the schema is asked for plain JSON, then for text. Servers may also ignore it, so with
 * those the schema stands in the instructions as well.
 */
export function openStructured(llm: Llm): AskStructured {
  let mode: Mode = 'schema'
  return async (question) => {
    for (;;) {
      const tried = mode
      try {
        return await ask(llm, question, tried)
      } catch (error) {
        const next = simplerMode(tried, llm, error)
        if (next === undefined) throw error
        // Another call may have found out in the meantime; never go back.
        if (mode === tried) mode = next
      }
    }
  }
}

function simplerMode(mode: Mode, llm: Llm, error: unknown): Mode | undefined {
  if (llm.provider !== 'openai-compatible' || !(error instanceof LlmError)) return undefined
  const isRefused = /response_?format|json_?schema|json_?object|structured|grammar/i.test(error.message)
  if (error.status === undefined || error.status < 400 || !isRefused) return undefined
  return mode === 'schema' ? 'json' : mode === 'json' ? 'text' : undefined
}

async function ask(llm: Llm, question: StructuredQuestion, mode: Mode): Promise<RawAnswer> {
  const { messages, schema, heuristic, maxOutputTokens, signal } = question
  try {
    const { text, totalUsage } = await generateText({
      model: llm.model,
      system: systemPrompt(llm, question),
      messages,
      maxOutputTokens,
      // Retries are the business of `llm/resilience.ts`; the SDK's own would multiply with them.
      maxRetries: 0,
      providerOptions: { heuristic },
      ...(signal && { abortSignal: signal }),
      ...outputFor(mode, schema),
    })
    return { text, usage: totalUsage }
  } catch (error) {
    // The SDK parses the answer too, and throws its own error. What it read is all that is wanted of it.
    if (!NoObjectGeneratedError.isInstance(error) || error.text === undefined || !error.usage) throw error
    return { text: error.text, usage: error.usage }
  }
}

function systemPrompt({ provider }: Llm, { system, schema }: StructuredQuestion): string {
  if (schema === undefined || provider !== 'openai-compatible') return system
  return `${system}\n\nAnswer with one JSON object of this JSON Schema and nothing else:\n${JSON.stringify(schema)}`
}

function outputFor(mode: Mode, schema: JSONSchema7 | undefined) {
  if (schema === undefined) return {}
  switch (mode) {
    case 'schema':
      return { output: Output.object({ name: 'extraction', schema: jsonSchema(schema) }) }
    case 'json':
      return { output: Output.json() }
    case 'text':
      return {}
    default:
      return mode satisfies never
  }
}
