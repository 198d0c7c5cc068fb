import { describe, expect, it } from 'vitest'
import { readSse, sseParser } from '../../../../public/js/sse.js'

const STREAM =
  ': hello\r\nevent: delta\r\ndata: {"text":"Zwölf Wochen 🗓️ "}\r\n\r\nid: 7\nevent: delta\ndata: a\ndata:b\n\n: keep-alive\n\nretry: 10\ndata\n\nevent: lonely\n\nevent: done\rdata: {}\r\r'
const EVENTS = [
  { event: 'delta', data: '{"text":"Zwölf Wochen 🗓️ "}' },
  { event: 'delta', data: 'a\nb' },
  { event: 'message', data: '' },
]
const DONE = { event: 'done', data: '{}' }
const bytes = new TextEncoder().encode(STREAM)

describe('a stream of server-sent events', () => {
  it('gives the same events wherever its bytes are cut in two', () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      const parse = sseParser()
      const events = [...parse(bytes.subarray(0, at)), ...parse(bytes.subarray(at)), ...parse(newline())]
      expect(events).toEqual([...EVENTS, DONE])
    }
  })

  it('gives the same events byte by byte', () => {
    const parse = sseParser()
    const events = [...bytes].flatMap((byte) => parse(Uint8Array.of(byte)))
    expect([...events, ...parse(newline())]).toEqual([...EVENTS, DONE])
  })

  it('passes over an event that the end cuts off', () => {
    expect(sseParser()(new TextEncoder().encode('data: whole\n\ndata: ha'))).toEqual([
      { event: 'message', data: 'whole' },
    ])
  })

  it('refuses a line, and an event of many lines, that would fill the memory', () => {
    const piece = new Uint8Array(1_000_000).fill(97)
    const one = sseParser()
    expect(() => Array.from({ length: 10 }, () => one(piece))).toThrow('too long')
    const many = sseParser()
    const line = new TextEncoder().encode(`data: ${'a'.repeat(999_000)}\n`)
    expect(() => Array.from({ length: 10 }, () => many(line))).toThrow('too long')
  })

  it('is cancelled when the reader stops', async () => {
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel: () => {
        isCancelled = true
      },
    })
    for await (const [first] of readSse(body)) {
      expect(first?.data).toBe('x')
      break
    }
    expect(isCancelled).toBe(true)
  })
})

/** A carriage return at the very end is complete when the next byte shows that it stood alone. */
function newline(): Uint8Array {
  return new TextEncoder().encode(':')
}
