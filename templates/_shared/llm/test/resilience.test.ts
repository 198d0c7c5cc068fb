import { generateText, streamText } from 'ai'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { answer, streamAnswer } from '#kit/llm/answer'
import { defaultPolicy, retryDelay } from '#kit/llm/call'
import { parseRetryAfter } from '#kit/llm/errors'
import { collectStream, openAt, question } from '#kit/testing/open-test-llm'
import {
  breakOff,
  completion,
  delta,
  ending,
  event,
  type FaultServer,
  failure,
  hangUp,
  reply,
  silence,
  startFaultServer,
  stream,
  streamed,
} from './fault-server.ts'

const hungUp = (server: FaultServer) =>
  vi.waitFor(() => expect(server.requests[0]?.hungUpAt).toBeDefined(), { interval: 5 })

describe('retries', () => {
  it('wait as long as Retry-After says, in seconds or until a date', async () => {
    // An HTTP date has no milliseconds, so the clock stands still 300 ms before a full second.
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T12:00:00.700Z') })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const gap = async (header: string) => {
      const refusal = failure(429, 'wait', { 'retry-after': header })
      const server = await startFaultServer(refusal, completion('hello'))
      await answer(await openAt(server.url), question)
      const [first = 0, second = 0, ...more] = server.requests.map(({ at }) => at)
      expect(more).toEqual([])
      return second - first
    }
    for (const waited of await Promise.all(['0.3', 'Thu, 01 Jan 2026 12:00:01 GMT'].map(gap))) {
      expect(waited).toBeGreaterThanOrEqual(300)
      expect(waited).toBeLessThan(1_000)
    }
  })

  it('fail at once, and say why, when Retry-After is past the deadline', async () => {
    const server = await startFaultServer(failure(429, 'slow down', { 'retry-after': '3600' }))
    const llm = await openAt(server.url)
    const started = performance.now()
    await expect(answer(llm, question)).rejects.toMatchObject({
      kind: 'rate-limit',
      message: expect.stringMatching(/should wait 36\d\d(\.\d)? s, past the deadline of 2 s/),
    })
    expect(performance.now() - started).toBeLessThan(500)
    expect(server.requests).toHaveLength(1)
  })

  it.each([429, 500, 529])(
    'gives up on %i for ever after exactly one request and two retries',
    async (status) => {
      const server = await startFaultServer(failure(status))
      const llm = await openAt(server.url)
      await expect(answer(llm, question)).rejects.toMatchObject({ name: 'LlmError', status, retryable: true })
      expect(server.requests).toHaveLength(3)
      expect((await collectStream(llm)).error).toMatchObject({ name: 'LlmError', status })
      expect(server.requests).toHaveLength(6)
    },
  )

  it.each([400, 401, 403, 404, 422])('does not repeat a request that was refused with %i', async (status) => {
    const server = await startFaultServer(failure(status))
    await expect(answer(await openAt(server.url), question)).rejects.toMatchObject({
      status,
      retryable: false,
    })
    expect(server.requests).toHaveLength(1)
  })

  it('do not repeat a request when the account is out of credit', async () => {
    const body = JSON.stringify({ error: { message: 'no credit', code: 'insufficient_quota' } })
    const server = await startFaultServer(reply(429, body))
    await expect(answer(await openAt(server.url), question)).rejects.toMatchObject({
      kind: 'rate-limit',
      retryable: false,
    })
    expect(server.requests).toHaveLength(1)
  })

  it('happen when the connection breaks before anything was shown', async () => {
    const server = await startFaultServer(hangUp, stream([': ping\n\n'], 'reset'), streamed('hello'))
    expect(await collectStream(await openAt(server.url))).toEqual({ shown: 'hello', error: undefined })
    expect(server.requests).toHaveLength(3)
  })

  it('happen when a whole answer breaks off', async () => {
    const server = await startFaultServer(breakOff, completion('hello'))
    expect(await answer(await openAt(server.url), question)).toBe('hello')
    expect(server.requests).toHaveLength(2)
  })

  it('close the connection of a try that is given up', async () => {
    const overloaded = event({ error: { message: 'overloaded' } })
    const server = await startFaultServer(stream([overloaded], 'stall'))
    expect((await collectStream(await openAt(server.url))).error).toMatchObject({ name: 'LlmError' })
    await hungUp(server)
  })

  it('never happen once text was shown', async () => {
    const server = await startFaultServer(stream([delta('hel')], 'reset'))
    const { shown, error } = await collectStream(await openAt(server.url))
    expect(shown).toBe('hel')
    expect(error).toMatchObject({ name: 'LlmError' })
    expect(server.requests).toHaveLength(1)
  })

  it('are not multiplied by those of an SDK call that leaves them on', async () => {
    const server = await startFaultServer(failure(500))
    const { model } = await openAt(server.url)
    await expect(generateText({ model, prompt: 'hello' })).rejects.toMatchObject({ name: 'LlmError' })
    expect(server.requests).toHaveLength(3)
  })
})

const now = Date.UTC(2026, 0, 1, 12, 0, 0)

describe('Retry-After', () => {
  it.each([
    ['1', 1_000],
    [' 2.5 ', 2_500],
    ['3600', 3_600_000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
  ])('%s is a wait of %i ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms)
  })

  it.each([
    undefined,
    '',
    '-5',
    '0',
    'banana',
    '1e9',
    '99999999',
    'NaN',
    'Infinity',
    '3 apples',
    'Thu, 01 Jan 2026 11:59:00 GMT',
    'Monday',
  ])('%s says nothing', (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined()
  })
})

describe('the delay before a retry', () => {
  const delays = (retry: number, retryAfterMs?: number) =>
    Array.from({ length: 100 }, (_, client) =>
      retryDelay(retry, retryAfterMs, defaultPolicy, () => client / 100),
    )

  it('spreads a hundred clients over more than half of the base, none before 250 ms', () => {
    const drawn = delays(1)
    expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(defaultPolicy.baseDelayMs / 2)
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(250)
  })

  it('grows with every retry, up to the maximum', () => {
    const longest = [1, 2, 3, 20].map((retry) => Math.max(...delays(retry)))
    expect(longest).toEqual([1_240, 2_230, 4_210, 20_050])
  })

  it('is never shorter than the provider asked for, nor than 250 ms', () => {
    expect(Math.min(...delays(1, 5_000))).toBe(5_000)
    expect(Math.max(...delays(1, 5_000))).toBeLessThanOrEqual(5_250)
    expect(Math.min(...delays(1, 1))).toBe(250)
  })
})

const timeout = { kind: 'timeout', name: 'LlmError' }

describe('deadlines', () => {
  it('cover all tries together', async () => {
    const server = await startFaultServer(failure(500))
    const llm = await openAt(server.url, { policy: { totalMs: 200, maxRetries: 50 } })
    const started = performance.now()
    await expect(answer(llm, question)).rejects.toMatchObject({ name: 'LlmError' })
    expect(performance.now() - started).toBeLessThan(350)
  })

  it('end a call that gets no answer', async () => {
    const server = await startFaultServer(silence)
    const llm = await openAt(server.url, { policy: { totalMs: 100 } })
    await expect(answer(llm, question)).rejects.toMatchObject({
      ...timeout,
      message: 'no complete answer within 0.1 s',
    })
    expect(server.requests).toHaveLength(1)
  })

  it('try a stream again that shows no first token in time', async () => {
    const server = await startFaultServer(silence, stream([': ping\n\n'], 'stall'), streamed('hello'))
    const llm = await openAt(server.url, { policy: { firstTokenMs: 80 } })
    expect(await collectStream(llm)).toEqual({ shown: 'hello', error: undefined })
    expect(server.requests).toHaveLength(3)
  })

  it('end a stream that stalls, and keep its connection no longer', async () => {
    const server = await startFaultServer(stream([delta('hel')], 'stall'))
    const started = performance.now()
    const { shown, error } = await collectStream(await openAt(server.url, { policy: { idleMs: 100 } }))
    expect(shown).toBe('hel')
    expect(error).toMatchObject({ ...timeout, message: 'the stream stalled: no data within 0.1 s' })
    expect(performance.now() - started).toBeLessThan(400)
    await hungUp(server)
  })

  it('do not punish a slow but living stream', async () => {
    const words = ['a ', 'b ', 'c ', 'd']
    const server = await startFaultServer(
      stream(words.flatMap((word) => [delta(word), 60]).concat(ending('stop'))),
    )
    expect((await collectStream(await openAt(server.url))).shown).toBe('a b c d')
  })
})

describe('an abort', () => {
  const stages = {
    'before the first byte': { plays: [silence], abortAfterMs: 50 },
    'while waiting to try again': {
      plays: [failure(429, 'wait', { 'retry-after': '1' })],
      abortAfterMs: 60,
    },
    'in the middle of a stream': { plays: [stream([delta('hel')], 'stall')], abortAfterMs: 60 },
  }
  it.each(Object.entries(stages))('%s ends the call within 100 ms', async (_, { plays, abortAfterMs }) => {
    const server = await startFaultServer(...plays)
    const abort = new AbortController()
    const reading = collectStream(await openAt(server.url), { ...question, signal: abort.signal })
    // Wait however long a busy machine takes to send the request.
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    await new Promise((resolve) => setTimeout(resolve, abortAfterMs))
    const abortedAt = performance.now()
    abort.abort(new Error('enough'))
    const { error } = await reading
    expect(performance.now() - abortedAt).toBeLessThan(100)
    expect(error).toEqual(new Error('enough'))
    expect(server.requests).toHaveLength(1)
  })

  it('before the call sends nothing', async () => {
    const server = await startFaultServer(completion('hello'))
    const llm = await openAt(server.url)
    await expect(answer(llm, { ...question, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(server.requests).toHaveLength(0)
  })

  it('of a whole answer closes the connection', async () => {
    const server = await startFaultServer(silence)
    const abort = new AbortController()
    const answering = answer(await openAt(server.url), { ...question, signal: abort.signal })
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), { interval: 5 })
    const abortedAt = performance.now()
    abort.abort()
    await expect(answering).rejects.toMatchObject({ name: 'AbortError' })
    await hungUp(server)
    expect((server.requests[0]?.hungUpAt ?? Infinity) - abortedAt).toBeLessThan(100)
  })

  it('happens by itself when the reader leaves the loop', async () => {
    const server = await startFaultServer(stream([delta('one '), delta('two ')], 'stall'))
    for await (const _ of streamAnswer(await openAt(server.url), question)) break
    const leftAt = performance.now()
    await hungUp(server)
    expect((server.requests[0]?.hungUpAt ?? Infinity) - leftAt).toBeLessThan(100)
  })
})

it('leaves no timer behind', async () => {
  const round = [streamed('hello'), completion('hello'), failure(401), stream([delta('hel')], 'reset')]
  const server = await startFaultServer(...Array.from({ length: 5 }, () => round).flat())
  const llm = await openAt(server.url, { policy: { totalMs: 60_000, firstTokenMs: 60_000, idleMs: 60_000 } })
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  for (let round = 0; round < 5; round++) {
    // Without a signal, only the call itself can clear its timers.
    await streamText({ model: llm.model, prompt: 'hello' }).consumeStream()
    await generateText({ model: llm.model, prompt: 'hello' })
    await streamText({ model: llm.model, prompt: 'hello', onError: () => {} }).consumeStream()
    await streamText({ model: llm.model, prompt: 'hello', onError: () => {} }).consumeStream()
  }
  // The test runner has a few timers too; a leak would leave five or more.
  expect(timers() - before).toBeLessThan(3)
})

it('prints nothing, whatever happens', async () => {
  const printed: unknown[] = []
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    const spy = vi.spyOn(console, method).mockImplementation((...line) => printed.push(line))
    onTestFinished(() => spy.mockRestore())
  }
  const server = await startFaultServer(
    failure(400),
    stream([delta('hel')], 'reset'),
    streamed('hello', 'length'),
    completion('hello'),
  )
  const llm = await openAt(server.url)
  await collectStream(llm, { ...question, temperature: 0 })
  await collectStream(llm)
  await collectStream(llm)
  // The SDK has a warning for a setting that this provider does not know.
  await generateText({ model: llm.model, prompt: 'hello', topK: 3 })
  expect(printed).toEqual([])
})
