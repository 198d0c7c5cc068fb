import * as z from 'zod'
import type { Env } from '#kit/console/env'
import { parseJson } from '#kit/console/json'
import { CannotRunError } from '#kit/evals/errors'
import type { Provider } from '#kit/evals/report'
import type { Answered } from '#kit/evals/suite'
import { parseRetryAfter } from '#kit/llm/errors'
import { describeNetworkFailure } from '#kit/net/failure'
import { type AskAnswer, readAskStream } from './ask-stream.ts'
import { readEvents } from './event-stream.ts'
import { assertAnswer, findReadableError, removeThoughts } from './model-answer.ts'
import type { SpecOf } from './spec.ts'
import { BusyError, type Target } from './target.ts'

const PROBE = 'What can you answer questions about?'
const LONGEST_ANSWER = 4_000_000 // bytes
const BUSY = [408, 425, 429, 500, 502, 503, 504]

type Spec = Pick<SpecOf<'http'>, 'url' | 'format' | 'answer' | 'end' | 'body' | 'headers' | 'provider'>

/**
 * Creates a target for a server that takes a question by POST and answers with JSON or a stream of events.
 */
export function createHttpTarget(spec: Spec, env: Env): Target {
  const headers = fillHeaders(spec.headers, env)
  const ask = (input: string, signal: AbortSignal) => postQuestion(spec, headers, input, signal)
  const declared = spec.provider ?? { name: 'http', model: new URL(spec.url).host, deterministic: false }
  return {
    version: null,
    identity: async (signal) =>
      spec.format === 'ask-sse.v1' ? requireProvider(await ask(PROBE, signal)) : declared,
    answer: async ({ input }, signal) => ask(input, signal),
    close: async () => {},
  }
}

function requireProvider(answer: Answered | AskAnswer): Provider {
  if ('provider' in answer) return answer.provider
  throw new Error('the target does not say who answers')
}

async function postQuestion(
  spec: Spec,
  headers: Record<string, string>,
  input: string,
  signal: AbortSignal,
): Promise<Answered | AskAnswer> {
  const startedAt = performance.now()
  const body = JSON.stringify(fillInput(spec.body, input))
  const response = await fetch(spec.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal,
    redirect: 'error',
  }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new BusyError(
      `${spec.url} cannot be reached: ${describeNetworkFailure(error, spec.url)}`,
      undefined,
      {
        cause: error,
      },
    )
  })
  if (!response.ok) throw await toStatusError(response)
  if (response.body === null) throw new Error('the target answered with nothing')
  const answer = await readHttpAnswer(spec, limitSize(response.body))
  return { ...answer, latencyMs: Math.round(performance.now() - startedAt) }
}

async function readHttpAnswer(spec: Spec, body: AsyncIterable<Uint8Array>): Promise<Answered | AskAnswer> {
  switch (spec.format) {
    case 'ask-sse.v1':
      return readAskStream(body)
    case 'sse':
      return { output: removeThoughts(await joinEvents(spec, body)) }
    case 'json':
      return { output: removeThoughts(readWhole(JSON.parse(await joinText(body)), spec.answer)) }
    default:
      return spec.format satisfies never
  }
}

async function joinEvents({ answer, end }: Spec, body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const { event, data } of readEvents(body)) {
    if (data === end) return text
    const said: unknown = event === 'error' ? { error: parseJson(data) ?? data } : JSON.parse(data)
    const piece = readValueAt(said, answer)
    assertAnswer(said, piece !== undefined && piece !== null)
    text += piece ?? ''
  }
  throw new Error(`the answer was cut off: its stream ended without ${JSON.stringify(end)}`)
}

function readWhole(said: unknown, path: string): string {
  const found = readValueAt(said, path)
  assertAnswer(said, found !== undefined && found !== null)
  return readTextAt(said, path)
}

/**
 * Reads the text at a path such as `choices.0.message.content`; other values become JSON. Throws when the
 * path has no value.
 */
export function readTextAt(value: unknown, path: string): string {
  const found = readValueAt(value, path)
  if (found === undefined || found === null) throw new Error(`the answer has no "${path}"`)
  return typeof found === 'string' ? found : JSON.stringify(found)
}

function readValueAt(value: unknown, path: string): unknown {
  const container = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
  return path.split('.').reduce<unknown>((inner, key) => {
    const { data } = container.safeParse(inner)
    return data === undefined ? undefined : Object.entries(data).find(([name]) => name === key)?.[1]
  }, value)
}

type HttpJson = z.core.util.JSONType

function fillInput(body: HttpJson, input: string): HttpJson {
  if (typeof body === 'string') return body.replaceAll('{{input}}', () => input)
  if (Array.isArray(body)) return body.map((item) => fillInput(item, input))
  if (body === null || typeof body !== 'object') return body
  return Object.fromEntries(Object.entries(body).map(([key, item]) => [key, fillInput(item, input)]))
}

function fillHeaders(headers: Record<string, string>, env: Env): Record<string, string> {
  const fill = (value: string) =>
    value.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => {
      const found = env[name]
      if (found) return found
      throw new CannotRunError(
        `a header of the target needs ${name}`,
        `Set ${name} in the environment or in .env`,
        2,
      )
    })
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]))
}

async function toStatusError(response: Response): Promise<Error> {
  const said = await response.text().catch(() => '')
  const message = `the target answered with status ${response.status}: ${findReadableError(said)}`
  if (!BUSY.includes(response.status)) return new Error(message)
  return new BusyError(message, parseRetryAfter(response.headers.get('retry-after') ?? undefined, Date.now()))
}

async function* limitSize(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > LONGEST_ANSWER) throw new Error(`the answer is longer than ${LONGEST_ANSWER} bytes`)
    yield chunk
  }
}

async function joinText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}
