import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { runByHand } from '#kit/by-hand/command'
import { startWordServer } from '#kit/by-hand/server'
import type { Io } from '#kit/console/process'
import * as byHand from '../../../src/ask.ts'

async function run(...args: string[]): Promise<string> {
  return runUntil(new AbortController().signal, args)
}

async function runUntil(signal: AbortSignal, args: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const io: Io = { env: {}, directory: '/', stdin: Readable.from([]), stdout, stderr, signal }
  await runByHand(args, io, byHand)
  stdout.end()
  return text(stdout)
}

it('starts a server that says what it is, and shows the request and the events with their tokens', async () => {
  const shown = await run('nine', 'At')
  expect(shown).toMatch(/^Not a language model: /)
  expect(shown).toMatch(
    /POST http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions\ncontent-type: application\/json/,
  )
  expect(shown).toContain('"content": "nine At"')
  expect(shown).toMatch(/^ *\d+ ms {2}~1 token +\{"choices":\[\{"delta":\{"content":"At"\}.*$/m)
  expect(shown).toContain('The answer: At nine\nThe tokens as the server counted them: 2 in, 2 out\n')
  expect(shown).toContain('kit/llm/')
})

it('shows a call of another server, with its model, and says nothing of its own', async () => {
  const { url, close } = await startWordServer()
  onTestFinished(close)
  const shown = await run('--url', url, '--model', 'llama3.2', 'Hello')
  expect(shown).toContain(`POST ${url}/chat/completions`)
  expect(shown).toContain('"model": "llama3.2"')
  expect(shown).not.toContain('Not a language model')
})

it('only serves, and shows how to ask with curl, until it is stopped', async () => {
  const shown = await runUntil(AbortSignal.timeout(50), ['--serve'])
  expect(shown).toMatch(/curl -N http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions -d '\{"messages":/)
  expect(shown).not.toContain('POST')
})

it('fails with what the server says', async () => {
  const { url, close } = await startWordServer({ refusal: { status: 404, message: 'no such model' } })
  onTestFinished(close)
  await expect(run('--url', url)).rejects.toThrow('no such model')
  await expect(run('--ulr', url)).rejects.toThrow("'--ulr'")
})
