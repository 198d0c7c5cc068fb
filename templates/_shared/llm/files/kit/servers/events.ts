import { parseJson } from '#kit/console/json'
import { LlmError } from '../llm/errors.ts'

export interface WireEvent {
  /** '' where the stream names none. */
  event: string
  data: string
}

/** In characters. The longest events hold a tool's arguments or encrypted thoughts. */
const LONGEST_EVENT = 4_000_000

/**
 * Reads server-sent events from text cut at any point, as in the HTML standard: CR, LF or both end a line,
 * comments do not count. It also takes what servers send against the standard: an `error:` field, JSON without
 * `data:`, a last event without its empty line. The work is linear: each character is looked at once.
 */
export class EventReader {
  #line: string[] = []
  #length = 0
  #endedByCr = false
  #event = ''
  #data: string[] = []

  /** The events that `text` completes. Throws an LlmError for an event that has no end. */
  push(text: string): WireEvent[] {
    const fresh = this.#endedByCr && text.startsWith('\n') ? text.slice(1) : text
    if (text !== '') this.#endedByCr = text.endsWith('\r')
    const [head = '', ...lines] = fresh.split(/\r\n|\n|\r/)
    this.#add(head)
    return lines.flatMap((line) => {
      const event = this.#endLine()
      this.#add(line)
      return event
    })
  }

  /** The event that the stream ended in. */
  end(): WireEvent[] {
    return [...this.#endLine(), ...this.#dispatch()]
  }

  #add(text: string): void {
    if (text === '') return
    this.#line.push(text)
    this.#length += text.length
    if (this.#length <= LONGEST_EVENT) return
    const problem = `the server sent an event of more than ${LONGEST_EVENT / 1_000_000} MB`
    throw new LlmError('invalid-response', problem, {
      hint: 'Ask for less, or check what the base URL leads to.',
    })
  }

  #endLine(): WireEvent[] {
    const line = this.#line.join('').replace(/^\ufeff/, '')
    this.#line = []
    if (line === '') return this.#dispatch()
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (/^\s*[[{]/.test(line)) return [{ event: this.#event, data: line }]
    if (field === 'event') this.#event = value
    if (field === 'data') this.#data.push(value)
    if (field === 'error') return [{ event: 'error', data: value }]
    return []
  }

  #dispatch(): WireEvent[] {
    const [event, lines] = [this.#event, this.#data]
    this.#event = ''
    this.#data = []
    this.#length = 0
    if (lines.length === 0 || lines.every((line) => line.trim() === '')) return []
    const isList = lines.length > 1 && lines.every((line) => isWhole(line))
    return (isList ? lines : [lines.join('\n')]).map((data) => ({ event, data }))
  }
}

/** Some servers end an event with one line break; then each line is one. */
function isWhole(line: string): boolean {
  return line.trim() === '[DONE]' || typeof parseJson(line) === 'object'
}

export function formatEvent({ event, data }: WireEvent): string {
  const name = event === '' ? '' : `event: ${event}\n`
  return `${name}${data.replaceAll(/^/gm, 'data: ')}\n\n`
}
