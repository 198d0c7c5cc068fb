import { APICallError } from '@ai-sdk/provider'
import { LlmError, parseErrorBody } from './errors.ts'

export type Fetch = typeof globalThis.fetch

/**
 * Wraps `fetch` to refuse redirects, which would send key and prompt to another address: a redirect throws an
 * LlmError of kind `config`.
 */
export function refuseRedirects(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    if (response.status < 300 || response.status >= 400) return response
    await response.body?.cancel()
    const problem = `the base URL answers with a redirect (${response.status}), which is not followed`
    throw new LlmError('config', problem, { hint: 'Set the base URL to the final address.' })
  }
}

/**
 * Wraps `fetch` to throw an APICallError if a JSON body contains an error: some servers send one with status
 * 200, even when a stream was requested, and the SDK would see a stream without events.
 */
export function detectBodyErrors(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const isJson = /^application\/json\b/i.test(response.headers.get('content-type') ?? '')
    if (!response.ok || !isJson) return response
    const responseBody = await response.clone().text()
    if (parseErrorBody(responseBody) === undefined) return response
    const { status: statusCode, url } = response
    const message = 'an error in a body of status 200'
    throw new APICallError({ message, url, requestBodyValues: undefined, statusCode, responseBody })
  }
}

/** The events of Anthropic's streams that the SDK knows. */
const ANTHROPIC_EVENTS = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
  'error',
]

/**
 * Wraps `fetch` to drop unknown events from Anthropic's streams. The API may add events at any time
 * (platform.claude.com/docs/en/api/versioning), and the SDK would end the answer with an error.
 */
export function dropUnknownEvents(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
    if (!isStream || response.body === null) return response
    const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(keepKnownEvents())
    return new Response(events.pipeThrough(new TextEncoderStream()), response)
  }
}

/** Takes server-sent events cut at any point; emits them whole, without those of an unknown name. */
function keepKnownEvents(): TransformStream<string, string> {
  let pending = ''
  return new TransformStream({
    transform(text, controller) {
      pending += text
      for (const [event] of pending.matchAll(/.*?(?:\r?\n){2}/gs)) {
        pending = pending.slice(event.length)
        if (isKnown(event)) controller.enqueue(event)
      }
    },
    // Passes an incomplete event on: the SDK reports it.
    flush: (controller) => controller.enqueue(pending),
  })
}

function isKnown(event: string): boolean {
  const name = /^event: ?(.*?)\r?$/m.exec(event)?.[1]
  return name === undefined || ANTHROPIC_EVENTS.includes(name)
}
