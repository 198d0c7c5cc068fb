import type { JSONValue } from '@ai-sdk/provider'
import { type ModelMessage, pruneMessages, streamText, type ToolSet } from 'ai'
import { LlmError } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'

export interface ConversationRequest {
  system: string
  messages: ModelMessage[]
  /** The same question as data, for the heuristic provider; other providers never see it. */
  heuristic: { task: string; input: JSONValue }
  maxOutputTokens: number
  /** With `mayCall`, called once, in as many parallel calls as the model likes; then it has to answer. */
  tools?: { set: ToolSet; mayCall: boolean }
  /** Gets what is to be kept in the history, without the model's thinking, when the answer is complete. */
  onComplete: (messages: ModelMessage[]) => void
  signal?: AbortSignal
}

/**
 * The text of the answer as it arrives: `streamAnswer` for a whole conversation. It throws the same errors, and leaving the
 * loop early stops the model.
 */
export async function* streamConversation(
  llm: Llm,
  request: ConversationRequest,
): AsyncGenerator<string, void, undefined> {
  const stop = new AbortController()
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal
  try {
    const result = streamText({ ...settingsOf(llm, request), abortSignal: signal })
    let text = ''
    for await (const part of result.fullStream) {
      if (part.type === 'error') throw part.error
      if (part.type === 'abort') throw signal.reason
      if (part.type !== 'text-delta') continue
      text += part.text
      yield part.text
    }
    if (text.trim() === '')
      throw new LlmError('empty', 'the model read notes and then said nothing', { hint: 'Ask again.' })
    request.onComplete(pruneMessages({ messages: (await result.response).messages, reasoning: 'all' }))
  } finally {
    stop.abort()
  }
}

function settingsOf(
  { model }: Llm,
  { tools, heuristic, signal: _, onComplete: __, ...settings }: ConversationRequest,
) {
  const common = { ...settings, model, maxRetries: 0, providerOptions: { heuristic }, onError: () => {} }
  if (tools === undefined) return common
  const answerAfterTools = ({ steps }: { steps: readonly unknown[] }) => steps.length >= 2
  return {
    ...common,
    tools: tools.set,
    stopWhen: answerAfterTools,
    prepareStep: ({ stepNumber }: { stepNumber: number }) =>
      stepNumber === 0 && tools.mayCall ? {} : { toolChoice: 'none' as const },
  }
}
