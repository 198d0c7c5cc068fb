import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { filterMessages } from '#kit/mcp/stdio-lines'

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"é":"ü\u{1F642}"}}'

async function sent(chunks: readonly Uint8Array[], maxLine?: number) {
  const refusals: string[] = []
  const lines = filterMessages((line) => void refusals.push(line), maxLine)
  const passed = text(lines)
  for (const chunk of chunks) lines.write(chunk)
  lines.end()
  return { passed: await passed, codes: refusals.map((line) => JSON.parse(line).error.code) }
}

it('messages pass whole, wherever their bytes are cut', async () => {
  const bytes = Buffer.from(`${PING}\n\n${PING}\r\n{bad\n`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const places = [0, ...cuts, bytes.length].sort((a, b) => a - b)
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
      const { passed, codes } = await sent(chunks)
      expect([passed.replaceAll('\r', ''), codes]).toEqual([`${PING}\n${PING}\n`, [-32700]])
    }),
  )
})

it('a line that is too long is answered once, and held in memory no longer than that', async () => {
  const { passed, codes } = await sent(
    [Buffer.from('x'.repeat(100)), Buffer.from('x'.repeat(100)), Buffer.from(`\n${PING}\n`)],
    150,
  )
  expect([passed, codes]).toEqual([`${PING}\n`, [-32700]])
})

it('a last line without its line break is taken when it is whole, and dropped when it is cut', async () => {
  expect(await sent([Buffer.from(PING)])).toEqual({ passed: `${PING}\n`, codes: [] })
  expect(await sent([Buffer.from(PING.slice(0, -1))])).toEqual({ passed: '', codes: [] })
})

it.each([
  ['"arguments":null', ''],
  ['"arguments":""', ''],
  ['"cursor":""', ''],
  ['"_meta":null,"name":"x"', '"name":"x"'],
])('parameters that say nothing are left out: %s', async (params, left) => {
  const line = (inside: string) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{${inside}}}\n`
  expect((await sent([Buffer.from(line(params))])).passed).toBe(line(left))
})
