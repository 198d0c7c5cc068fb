import type { JSONSchema7 } from '@ai-sdk/provider'
import { jsonSchema, Output } from 'ai'
import { LlmError } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'

type OutputMode = 'schema' | 'json' | 'text'

/**
 * Structured output by the provider's own means: Anthropic `output_config`, OpenAI `text.format` in strict
 * mode, `response_format` elsewhere. When a compatible server refuses the schema, the next call asks for
 * plain JSON, then for text, and every later call starts where this one ended.
 */
export class StructuredOutput {
  readonly #llm: Llm
  #mode: OutputMode = 'schema'

  constructor(llm: Llm) {
    this.#llm = llm
  }

  /**
   * Calls `send` with the SDK's settings for this schema, again with simpler ones while the server refuses
   * them.
   */
  async request<T>(
    schema: JSONSchema7,
    send: (settings: ReturnType<typeof buildSettings>) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const tried = this.#mode
      try {
        return await send(buildSettings(tried, schema))
      } catch (error) {
        const next = findSimplerMode(tried, this.#llm, error)
        if (next === undefined) throw error
        // A concurrent call may have found out already; never go back.
        if (this.#mode === tried) this.#mode = next
      }
    }
  }
}

function findSimplerMode(mode: OutputMode, llm: Llm, error: unknown): OutputMode | undefined {
  if (llm.provider !== 'openai-compatible' || !(error instanceof LlmError)) return undefined
  const isRefused = /response_?format|json_?schema|json_?object|structured|grammar/i.test(error.message)
  if (error.status === undefined || error.status < 400 || !isRefused) return undefined
  return mode === 'schema' ? 'json' : mode === 'json' ? 'text' : undefined
}

function buildSettings(mode: OutputMode, schema: JSONSchema7) {
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
