import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
  LanguageModelV3Usage,
} from '@ai-sdk/provider'
import { LlmError } from '../llm/errors.ts'
import type { CommandLine } from './command-line.ts'
import { runCommand } from './run.ts'

const UNKNOWN: LanguageModelV3Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
}

/**
 * A language model by a program that reads a prompt and writes an answer, such as a coding assistant's
 * non-interactive mode. The program adds its own system prompt, and decides itself which model answers, how
 * long and how freely: temperature and limits of a call do not reach it. It can't call tools.
 */
export class CommandLanguageModel implements LanguageModelV3 {
  readonly specificationVersion = 'v3'
  readonly provider = 'command'
  readonly modelId: string
  readonly supportedUrls = {}
  readonly #command: CommandLine
  readonly #env: Record<string, string>

  constructor(modelId: string, command: CommandLine, env: Record<string, string>) {
    this.modelId = modelId
    this.#command = command
    this.#env = env
  }

  async doGenerate(options: LanguageModelV3CallOptions): Promise<LanguageModelV3GenerateResult> {
    const text = await this.#ask(options)
    const finishReason = { unified: 'stop' as const, raw: undefined }
    return { content: [{ type: 'text', text }], finishReason, usage: UNKNOWN, warnings: [] }
  }

  async doStream(options: LanguageModelV3CallOptions): Promise<LanguageModelV3StreamResult> {
    const delta = await this.#ask(options)
    const parts: LanguageModelV3StreamPart[] = [
      { type: 'stream-start', warnings: [] },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta },
      { type: 'text-end', id: '0' },
      { type: 'finish', finishReason: { unified: 'stop', raw: undefined }, usage: UNKNOWN },
    ]
    return { stream: ReadableStream.from(parts) }
  }

  async #ask(options: LanguageModelV3CallOptions): Promise<string> {
    const { prompt, tools = [], responseFormat, abortSignal: signal } = options
    if (tools.length > 0) throw createToolError()
    const input = writePrompt(prompt, responseFormat)
    const text = await runCommand(this.#command, { input, env: this.#env, signal })
    return responseFormat?.type === 'json' ? unwrapFence(text) : text.trimEnd()
  }
}

function createToolError(): LlmError {
  const hint = 'Use a provider with an API for this, or AI_PROVIDER=heuristic.'
  return new LlmError('config', 'AI_PROVIDER=command answers with text only: it cannot call tools', { hint })
}

const ROLES = { user: 'User', assistant: 'Assistant' }

/** The system prompt, then one question unchanged, or a conversation with names in front of its turns. */
function writePrompt(
  prompt: LanguageModelV3Prompt,
  format: LanguageModelV3CallOptions['responseFormat'],
): string {
  const turns = prompt.flatMap(({ role, content }) => {
    if (role === 'system' || role === 'tool') return []
    const text = content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n')
    return [{ name: ROLES[role], text }]
  })
  const system = prompt.flatMap(({ role, content }) => (role === 'system' ? content : []))
  const [only] = turns
  const asked = turns.length === 1 && only ? [only.text] : turns.map(({ name, text }) => `${name}: ${text}`)
  const wanted = format?.type === 'json' ? [`Answer with JSON only${describeWanted(format.schema)}.`] : []
  return `${[...system, ...asked, ...wanted].join('\n\n')}\n`
}

function describeWanted(schema: unknown): string {
  return schema === undefined ? '' : `, of this schema: ${JSON.stringify(schema)}`
}

/** Assistants like to put JSON into a code block. */
function unwrapFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/i.exec(text)?.[1] ?? text.trim()
}
