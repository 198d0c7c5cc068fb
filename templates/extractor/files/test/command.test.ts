import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { run } from '../src/command.ts'

// The default schema is yours to edit; these tests use another one.
const invoice = fileURLToPath(new URL('../evals/documents/invoice-hosting.md', import.meta.url))

it('prints one JSON document for a file, with the evidence for each value, and nothing else on standard output', async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const signal = new AbortController().signal
  const io = { env: {}, directory: '/', stdin: Readable.from([]), stdout, stderr, signal }
  await run([invoice, '--schema', 'evals/schemas/invoice.ts'], io)
  stdout.end()
  stderr.end()
  const { data, evidence } = JSON.parse(await text(stdout))
  expect(data).toMatchObject({ number: 'NH-2026-0417', currency: 'EUR', total: 602.02, paid: false })
  expect(evidence.total.quote).toBe('602.02')
  expect(await text(stderr)).toMatch(/heuristic[\s\S]*tokens/)
})
