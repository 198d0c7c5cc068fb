import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, expect, it } from 'vitest'
import { run } from '../src/command.ts'
import { orderText } from './order.ts'

// The default schema and what is in evals/ are yours to edit; this test uses another schema and document.
const directory = mkdtempSync(join(tmpdir(), 'extract-'))
afterAll(() => rmSync(directory, { recursive: true }))
const order = join(directory, 'order.txt')
writeFileSync(order, orderText)

it('prints one JSON document for a file, with the evidence for each value, and nothing else on standard output', async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const signal = new AbortController().signal
  const io = { env: {}, directory: '/', stdin: Readable.from([]), stdout, stderr, signal }
  await run([order, '--schema', 'test/order.ts'], io)
  stdout.end()
  stderr.end()
  const { data, evidence } = JSON.parse(await text(stdout))
  expect(data).toMatchObject({ orderNumber: '88123', placedOn: '2026-01-12', weightKg: 31.5, express: true })
  expect(evidence.orderNumber.quote).toBe('88123')
  expect(await text(stderr)).toMatch(/heuristic[\s\S]*tokens/)
})
