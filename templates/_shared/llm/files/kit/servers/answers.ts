import { APICallError } from '@ai-sdk/provider'
import { isRecord, parseJson } from '#kit/console/json'
import type { Fetch } from '../llm/fetch.ts'
import { EventReader, formatEvent, type WireEvent } from './events.ts'
import { type Fields, FORMATS, type WireFormat } from './formats.ts'
import { findReportedError } from './words.ts'

/**
 * Wraps `fetch` so that the SDK's parsers get what they expect of `format`, whatever a server makes of it:
 * this is the one place where habits of servers are met. Throws an APICallError for an error in a body of
 * status 200, which some servers send even when a stream was requested.
 */
export function repairAnswers(fetch: Fetch, format: WireFormat): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!response.ok || response.body === null) return response
    const wantsStream = parseFields(init?.body)['stream'] === true
    const type = response.headers.get('content-type') ?? ''
    const isStream = /event-stream/i.test(type) || (wantsStream && !/json/i.test(type))
    if (isStream) return renew(response, repairStream(response.body, format))
    return renew(response, repairText(await response.text(), { response, format, wantsStream }))
  }
}

interface Repaired {
  response: Response
  format: WireFormat
  wantsStream: boolean
}

function repairText(text: string, { response, format, wantsStream }: Repaired): string {
  const answer = parseJson(text)
  if (findReportedError(answer) !== undefined) {
    const message = 'an error in a body of status 200'
    const { status: statusCode, url } = response
    throw new APICallError({ message, url, requestBodyValues: undefined, statusCode, responseBody: text })
  }
  const { whole, toStream } = FORMATS[format]
  if (!isRecord(answer)) return wantsStream ? repairEvents(text, format) : text
  const repaired = whole(answer)
  if (!wantsStream || toStream === undefined) return JSON.stringify(repaired)
  return `${formatEvent({ event: '', data: JSON.stringify(toStream(repaired)) })}data: [DONE]\n\n`
}

/** The events of a stream that came under another content type. */
function repairEvents(text: string, format: WireFormat): string {
  const [reader, repair] = [new EventReader(), FORMATS[format].openStream()]
  const events = [...reader.push(text), ...reader.end()]
  return events.length === 0
    ? text
    : [...events.flatMap(repair.next), ...repair.end()].map(formatEvent).join('')
}

function repairStream(body: ReadableStream<Uint8Array>, format: WireFormat): ReadableStream<Uint8Array> {
  const [reader, repair] = [new EventReader(), FORMATS[format].openStream()]
  const events = new TransformStream<string, string>({
    transform(text, controller) {
      pass(reader.push(text).flatMap(repair.next), controller)
    },
    flush(controller) {
      pass([...reader.end().flatMap(repair.next), ...repair.end()], controller)
    },
  })
  const text = body.pipeThrough(new TextDecoderStream()).pipeThrough(events)
  return text.pipeThrough(new TextEncoderStream())
}

function pass(events: readonly WireEvent[], controller: TransformStreamDefaultController<string>): void {
  for (const event of events) controller.enqueue(formatEvent(event))
}

/** The same response with another body, whose length and encoding its headers no longer know. */
function renew(response: Response, body: string | ReadableStream<Uint8Array>): Response {
  const headers = new Headers(response.headers)
  for (const name of ['content-length', 'content-encoding']) headers.delete(name)
  const { status, statusText } = response
  return new Response(body, { status, statusText, headers })
}

export function parseFields(body: unknown): Fields {
  const parsed = typeof body === 'string' ? parseJson(body) : undefined
  return isRecord(parsed) ? parsed : {}
}
