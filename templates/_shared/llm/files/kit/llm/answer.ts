import type {
  JSONValue,
  LanguageModelV3,
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3Middleware,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider'
import { generateText, streamText } from 'ai'
import { LlmError } from './errors.ts'

/** What these functions need from an `Llm`. */
type AnswerCall = { model: LanguageModelV3 }

export interface ModelQuestion {
  system: string
  prompt: string
  /** The same question as data, for the heuristic provider; other providers never see it. */
  heuristic: { task: string; input: JSONValue }
  /** In tokens, thinking included. */
  maxOutputTokens?: number
  temperature?: number
  signal?: AbortSignal | undefined
}

/**
 * Yields the answer's text as it arrives. Throws an LlmError if there is no answer or it is incomplete, even
 * after part of it was yielded, and the signal's reason on an abort. Leaving the loop early stops the model.
 */
export async function* streamAnswer(
  llm: AnswerCall,
  question: ModelQuestion,
): AsyncGenerator<string, void, undefined> {
  const stop = new AbortController()
  const signal = question.signal ? AbortSignal.any([question.signal, stop.signal]) : stop.signal
  try {
    // Without `onError` the SDK prints errors; here they are thrown.
    const settings = { ...callSettings(llm, question), abortSignal: signal, onError: () => {} }
    for await (const part of streamText(settings).fullStream) {
      if (part.type === 'error') throw part.error
      if (part.type === 'abort') throw signal.reason
      if (part.type === 'text-delta') yield part.text
    }
  } finally {
    stop.abort()
  }
}

/** Returns the whole answer. Throws like `streamAnswer`. */
export async function answer(llm: AnswerCall, question: ModelQuestion): Promise<string> {
  const stop = question.signal && { abortSignal: question.signal }
  return (await generateText({ ...callSettings(llm, question), ...stop })).text
}

function callSettings({ model }: AnswerCall, { heuristic, signal: _, ...settings }: ModelQuestion) {
  // `resilience.ts` already retries; the SDK's retries would multiply the requests.
  return { ...settings, model, maxRetries: 0, providerOptions: { heuristic } }
}

/**
 * Turns an answer that is truncated, filtered, empty or unfinished into an LlmError. In a stream, the error
 * follows the text already shown. Otherwise both SDK calls would report success with an unusual
 * `finishReason`.
 */
export const completeAnswers: LanguageModelV3Middleware = {
  specificationVersion: 'v3',
  wrapGenerate: async ({ doGenerate }) => {
    const result = await doGenerate()
    const problem = findAnswerProblem(result.finishReason, result.content.some(hasAnswer))
    if (problem) throw problem
    return result
  },
  wrapStream: async ({ doStream }) => {
    const { stream, ...rest } = await doStream()
    return { ...rest, stream: stream.pipeThrough(appendProblem()) }
  },
}

function appendProblem(): TransformStream<LanguageModelV3StreamPart, LanguageModelV3StreamPart> {
  let answered = false
  let ended = false
  return new TransformStream({
    transform(part, controller) {
      controller.enqueue(part)
      answered ||= hasAnswer(part)
      ended ||= part.type === 'error' || part.type === 'finish'
      const error = part.type === 'finish' && findAnswerProblem(part.finishReason, answered)
      if (error) controller.enqueue({ type: 'error', error })
    },
    flush(controller) {
      if (!ended) controller.enqueue({ type: 'error', error: createAnswerError('invalid-response') })
    },
  })
}

function hasAnswer(part: LanguageModelV3Content | LanguageModelV3StreamPart): boolean {
  if (part.type === 'text') return part.text.trim() !== ''
  if (part.type === 'text-delta') return part.delta.trim() !== ''
  return part.type === 'tool-call' || part.type === 'file'
}

const PROBLEMS = {
  empty: ['the model answered with no text', 'Try again, or ask differently.'],
  truncated: [
    'the answer was cut off at the output limit',
    'Raise maxOutputTokens (thinking counts towards it), or ask for less.',
  ],
  filtered: ['the provider filtered the answer', 'Check the input against its content policy.'],
  'invalid-response': ['the answer ended before it was complete', 'Try again; do not use the part shown.'],
} as const

function createAnswerError(kind: keyof typeof PROBLEMS): LlmError {
  const [message, hint] = PROBLEMS[kind]
  return new LlmError(kind, message, { hint })
}

function findAnswerProblem(
  { unified }: LanguageModelV3FinishReason,
  answered: boolean,
): LlmError | undefined {
  switch (unified) {
    case 'stop':
    case 'tool-calls':
      return answered ? undefined : createAnswerError('empty')
    case 'length':
      return createAnswerError('truncated')
    case 'content-filter':
      return createAnswerError('filtered')
    case 'error':
    case 'other':
      return createAnswerError('invalid-response')
    default:
      return unified satisfies never
  }
}
