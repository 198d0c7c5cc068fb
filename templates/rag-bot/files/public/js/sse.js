/** @typedef {{ event: string, data: string }} SseEvent */

/** An event that never ends must not fill the memory. Characters. */
const MAX_EVENT = 8_000_000

/**
 * A parser of server-sent events, as the HTML standard says: feed it bytes, cut anywhere, and it returns the events that are complete. Comments, ids and retry times
 * are passed over, as is an event that the stream's end cuts off. Throws when one event is longer than this page can hold.
 * @returns {(bytes: Uint8Array) => SseEvent[]}
 */
export function sseParser() {
  const decoder = new TextDecoder()
  const lines = lineSplitter()
  let event = ''
  /** @type {string[]} */
  let data = []
  let held = 0

  return (bytes) => {
    /** @type {SseEvent[]} */
    const events = []
    for (const line of lines(decoder.decode(bytes, { stream: true }))) {
      if (line === '') {
        if (data.length > 0) events.push({ event: event || 'message', data: data.join('\n') })
        event = ''
        data = []
        held = 0
        continue
      }
      held += line.length
      if (held > MAX_EVENT) throw new Error('an event of the stream is too long')
      const { name, value } = fieldOf(line)
      if (name === 'event') event = value
      if (name === 'data') data.push(value)
    }
    return events
  }
}

/**
 * The events of a response's body, as they arrive. Throws what the connection throws.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<SseEvent[]>}
 */
export async function* readSse(body) {
  const parse = sseParser()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield parse(value)
    }
  } finally {
    // A reader that stops also stops the server. A stream that already failed cannot be cancelled.
    reader.cancel().catch(() => undefined)
  }
}

/**
 * Complete lines, whatever ends them. A carriage return at the end of a piece waits: a line feed may follow.
 * @returns {(text: string) => string[]}
 */
function lineSplitter() {
  /** @type {string[]} */
  let pending = []
  let length = 0
  let endsInReturn = false

  return (text) => {
    const whole = endsInReturn ? `\r${text}` : text
    endsInReturn = whole.endsWith('\r')
    const pieces = (endsInReturn ? whole.slice(0, -1) : whole).split(/\r\n|\n|\r/)
    const rest = pieces.pop() ?? ''
    if (pieces.length > 0) {
      pieces[0] = pending.join('') + pieces[0]
      pending = []
      length = 0
    }
    pending.push(rest)
    length += rest.length
    if (length > MAX_EVENT) throw new Error('a line of the stream is too long')
    return pieces
  }
}

/**
 * @param {string} line
 * @returns {{ name: string, value: string }}
 */
function fieldOf(line) {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  const value = line.slice(colon + 1)
  return { name: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value }
}
