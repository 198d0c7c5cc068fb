import { randomBytes } from 'node:crypto'
import type {
  LanguageModelV3CallOptions,
  LanguageModelV3Content,
  LanguageModelV3Middleware,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider'

/**
 * Gives every tool call an id of its own, whatever the server sent: ids that are empty, repeated, or used by
 * an earlier answer of the conversation are replaced. The SDK and every log pair calls and results by id.
 */
export const uniqueCallIds: LanguageModelV3Middleware = {
  specificationVersion: 'v3',
  wrapGenerate: async ({ doGenerate, params }) => {
    const result = await doGenerate()
    const ids = new CallIds(params)
    return { ...result, content: result.content.map((part) => renameCall(part, ids)) }
  },
  wrapStream: async ({ doStream, params }) => {
    const { stream, ...rest } = await doStream()
    const ids = new CallIds(params)
    const transform = new TransformStream<LanguageModelV3StreamPart, LanguageModelV3StreamPart>({
      transform: (part, controller) => controller.enqueue(renamePart(part, ids)),
    })
    return { ...rest, stream: stream.pipeThrough(transform) }
  },
}

class CallIds {
  readonly #used: Set<string>
  /** Of the calls whose parts are still arriving. */
  readonly #names = new Map<string, string>()

  constructor({ prompt }: LanguageModelV3CallOptions) {
    this.#used = new Set(listCallIds(prompt))
  }

  begin(id: string): string {
    const isFree = id.trim() !== '' && !this.#used.has(id)
    const name = isFree ? id : makeCallId()
    this.#used.add(name)
    this.#names.set(id, name)
    return name
  }

  follow(id: string): string {
    return this.#names.get(id) ?? id
  }

  /** The name of a call that arrives whole, or whose parts arrived before. */
  finish(id: string): string {
    const name = this.#names.get(id) ?? this.begin(id)
    this.#names.delete(id)
    return name
  }
}

/** Nine letters and digits: what Mistral takes, and so does every other API. */
function makeCallId(): string {
  return randomBytes(16).toString('hex').slice(0, 9)
}

function listCallIds(prompt: LanguageModelV3Prompt): string[] {
  return prompt.flatMap(({ role, content }) =>
    role === 'assistant' ? content.flatMap((part) => (part.type === 'tool-call' ? part.toolCallId : [])) : [],
  )
}

function renameCall(part: LanguageModelV3Content, ids: CallIds): LanguageModelV3Content {
  return part.type === 'tool-call' ? { ...part, toolCallId: ids.finish(part.toolCallId) } : part
}

function renamePart(part: LanguageModelV3StreamPart, ids: CallIds): LanguageModelV3StreamPart {
  switch (part.type) {
    case 'tool-input-start':
      return { ...part, id: ids.begin(part.id) }
    case 'tool-input-delta':
    case 'tool-input-end':
      return { ...part, id: ids.follow(part.id) }
    case 'tool-call':
      return { ...part, toolCallId: ids.finish(part.toolCallId) }
    default:
      return part
  }
}
