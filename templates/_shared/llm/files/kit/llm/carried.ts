import type {
  JSONObject,
  JSONValue,
  LanguageModelV3Content,
  LanguageModelV3Middleware,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
  SharedV3ProviderMetadata,
} from '@ai-sdk/provider'
import { isRecord } from '#kit/console/json'

/** What a server wants to see again in the next request, and the SDK does not keep. */
const CARRIED = {
  /** OpenRouter, LiteLLM, Copilot, Gemini. */
  message: [
    'reasoning_details',
    'thinking_blocks',
    'reasoning_opaque',
    'extra_content',
    'provider_specific_fields',
  ],
  /** Gemini signs its calls; LiteLLM passes the signature on in its own field. */
  call: ['extra_content', 'provider_specific_fields', 'thought_signature', 'thoughtSignature'],
}

interface Carried {
  message: JSONObject
  /** One for each call, in their order. */
  calls: JSONObject[]
}

/**
 * Sends back what an OpenAI-compatible server wants to see again, such as signatures of thoughts: it is kept
 * with the parts of the answer, and so in every log of them. Thoughts that came in the text stay here.
 */
export const carryBack: LanguageModelV3Middleware = {
  specificationVersion: 'v3',
  // Of a stream, the SDK gives the raw events only when it is asked for them.
  transformParams: async ({ params, type }) => {
    const prompt = params.prompt.map(addCarried)
    return { ...params, prompt, ...(type === 'stream' && { includeRawChunks: true }) }
  },
  wrapGenerate: async ({ doGenerate }) => {
    const result = await doGenerate()
    const body: unknown = result.response?.body
    const found = isRecord(body) ? collect([body], 'message') : undefined
    return found ? { ...result, content: attach(result.content, found) } : result
  },
  wrapStream: async ({ doStream }) => {
    const { stream, ...rest } = await doStream()
    return { ...rest, stream: stream.pipeThrough(attachToStream()) }
  },
}

function attachToStream(): TransformStream<LanguageModelV3StreamPart, LanguageModelV3StreamPart> {
  const events: Record<string, unknown>[] = []
  let call = 0
  return new TransformStream({
    transform(part, controller) {
      if (part.type === 'raw') return void (isRecord(part.rawValue) && events.push(part.rawValue))
      if (part.type !== 'tool-call' && part.type !== 'reasoning-end' && part.type !== 'text-end')
        return controller.enqueue(part)
      const { message, calls } = collect(events, 'delta')
      const own = part.type === 'tool-call' ? (calls[call++] ?? {}) : {}
      controller.enqueue(keep(part, { message, call: own }))
    },
  })
}

/** What the messages or deltas of an answer hold of the fields above. */
function collect(bodies: readonly Record<string, unknown>[], field: 'message' | 'delta'): Carried {
  const messages = bodies.flatMap(({ choices }) => {
    const [choice] = Array.isArray(choices) ? choices : []
    const message = isRecord(choice) ? choice[field] : undefined
    return isRecord(message) ? [message] : []
  })
  const calls = new Map<unknown, JSONObject>()
  for (const message of messages)
    for (const [at, call] of (Array.isArray(message['tool_calls']) ? message['tool_calls'] : []).entries()) {
      const index = call?.index ?? (field === 'delta' ? call?.id : undefined) ?? at
      calls.set(index, mergeFields(calls.get(index) ?? {}, call, CARRIED.call))
    }
  const message = messages.reduce<JSONObject>((all, one) => mergeFields(all, one, CARRIED.message), {})
  return { message, calls: [...calls.values()] }
}

/** Lists of several events are one list, as OpenRouter wants it back. */
function mergeFields(all: JSONObject, from: unknown, fields: readonly string[]): JSONObject {
  if (!isRecord(from)) return all
  const found = fields.flatMap((field): [string, JSONValue][] => {
    const [value, earlier] = [from[field] as JSONValue | undefined, all[field]]
    if (value === undefined || value === null) return []
    return [[field, Array.isArray(value) && Array.isArray(earlier) ? [...earlier, ...value] : value]]
  })
  return { ...all, ...Object.fromEntries(found) }
}

function attach(
  content: readonly LanguageModelV3Content[],
  { message, calls }: Carried,
): LanguageModelV3Content[] {
  let call = 0
  return content.map((part, index) =>
    keep(part, {
      message: index === 0 ? message : {},
      call: part.type === 'tool-call' ? (calls[call++] ?? {}) : {},
    }),
  )
}

type CarriedFields = { message: JSONObject; call: JSONObject }

function keep<T extends { providerMetadata?: SharedV3ProviderMetadata }>(
  part: T,
  { message, call }: CarriedFields,
): T {
  if (Object.keys(message).length === 0 && Object.keys(call).length === 0) return part
  return { ...part, providerMetadata: { ...part.providerMetadata, carried: { message, call } } }
}

/** Puts what was kept where the SDK takes fields of a message or call from. */
function addCarried(message: LanguageModelV3Prompt[number]): LanguageModelV3Prompt[number] {
  if (message.role !== 'assistant') return message
  const said = message.content.filter(
    (part) => part.type !== 'reasoning' || part.providerOptions?.['thoughts']?.['fromText'] !== true,
  )
  const kept = said.flatMap(({ providerOptions }) => readKept(providerOptions?.['carried']?.['message']))
  const fields = Object.assign({}, ...kept)
  const content = said.map((part) => {
    const [call] = readKept(part.providerOptions?.['carried']?.['call'])
    if (part.type !== 'tool-call' || call === undefined) return part
    return { ...part, providerOptions: { ...part.providerOptions, openaiCompatible: call } }
  })
  return { ...message, content, providerOptions: { ...message.providerOptions, openaiCompatible: fields } }
}

function readKept(value: JSONValue | undefined): JSONObject[] {
  return isRecord(value) ? [value as JSONObject] : []
}
