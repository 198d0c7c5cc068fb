import type { JSONValue } from '@ai-sdk/provider'
import { type ModelMessage, pruneMessages, stepCountIs, streamText } from 'ai'
import { streamPrintable } from '#kit/console/printable'
import { LlmError } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'
import type { Context } from './context.ts'
import type { OfferedTools } from './tools.ts'

export interface TurnRequest extends Context {
  tools: OfferedTools
  /** The same question as data, for the heuristic provider; a model never sees it. */
  heuristic: { task: string; input: JSONValue }
  signal: AbortSignal | undefined
}

export interface StreamedTurn {
  answer: string
  /**
   * What the model added, to be sent again in later turns: tool calls, results and the answer, without its
   * thinking.
   */
  messages: ModelMessage[]
  /** Input tokens of the first call as the provider counted them; undefined when it didn't. */
  countedTokens: number | undefined
}

/**
 * The one call of the model: streams the answer, then returns what to keep of it. The model may call tools
 * once, then it must answer. Throws `LlmError`, and the signal's reason on an abort; a reader that leaves the
 * loop early stops the model.
 */
export async function* streamTurn(llm: Llm, request: TurnRequest): AsyncGenerator<string, StreamedTurn> {
  const { system, messages, budget, tools, heuristic } = request
  const stop = new AbortController()
  const abortSignal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal
  const callsBefore = llm.meter.total().calls
  try {
    const result = streamText({
      model: llm.model,
      ...{ system, messages, abortSignal },
      maxOutputTokens: budget.reserve,
      maxRetries: 0, // kit/llm retries
      providerOptions: { heuristic },
      onError: () => {}, // without it the SDK prints errors; `readText` throws them
      ...(tools.set && { tools: tools.set }),
      stopWhen: stepCountIs(2),
      prepareStep: ({ stepNumber }) => (stepNumber === 0 && tools.mayCall ? {} : { toolChoice: 'none' }),
    })
    let answer = ''
    for await (const delta of streamPrintable(readText(result.fullStream, abortSignal))) {
      answer += delta
      yield delta
    }
    if (answer.trim() === '')
      throw new LlmError('empty', 'the model read notes and then said nothing', { hint: 'Ask again.' })
    const kept = pruneMessages({ messages: (await result.response).messages, reasoning: 'all' })
    return { answer, messages: kept, countedTokens: readCountedTokens(llm, callsBefore) }
  } finally {
    stop.abort()
  }
}

type StreamPart = { type: string; text?: string; error?: unknown }

/** The text of a stream. The SDK reports errors and aborts as parts of it; here they are thrown. */
async function* readText(stream: AsyncIterable<StreamPart>, signal: AbortSignal): AsyncGenerator<string> {
  for await (const part of stream) {
    if (part.type === 'error') throw part.error
    if (part.type === 'abort') throw signal.reason
    if (part.type === 'text-delta') yield part.text ?? ''
  }
}

function readCountedTokens({ meter }: Llm, callsBefore: number): number | undefined {
  const made = meter.total().calls - callsBefore
  const first = made > 0 ? meter.calls.at(-made) : undefined
  return first === undefined || first.estimated ? undefined : first.inputTokens
}
