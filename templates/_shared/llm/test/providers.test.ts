import { LLMock } from '@copilotkit/aimock'
import { generateText } from 'ai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answer, streamAnswer } from '#kit/llm/answer'
import { computeCost, type Price } from '#kit/llm/cost'
import { HeuristicLanguageModel, type HeuristicTasks } from '#kit/llm/heuristic'
import { type Llm, openLlm } from '#kit/llm/model'
import { formatUsage, Meter } from '#kit/llm/usage'
import { collectStream, KEY, openAt, QUICK, question } from '#kit/testing/open-test-llm'
import {
  completion,
  delta,
  ending,
  event,
  failure,
  startFaultServer,
  stream,
  streamed,
} from './fault-server.ts'

/** What every provider answers: the heuristic one, and the three wire formats against a scripted server. */
const ANSWER = 'Hello there, this is the scripted answer.'
const tasks = { greet: () => ANSWER }

const scripted = new LLMock({ port: 0 })
beforeAll(async () => {
  const usage = {
    prompt_tokens: 21,
    completion_tokens: 9,
    total_tokens: 30,
    input_tokens: 21,
    output_tokens: 9,
  }
  scripted.onMessage('Say hello.', { content: ANSWER, usage }, { latency: 2, chunkSize: 5 })
  await scripted.start()
})
// Not awaited: it would wait some seconds for connections that the client keeps open.
afterAll(() => {
  scripted.stop()
})

const providers = {
  heuristic: () => ({}),
  anthropic: () => ({ ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: scripted.url }),
  openai: () => ({ AI_PROVIDER: 'openai', OPENAI_API_KEY: KEY, OPENAI_BASE_URL: scripted.url }),
  'openai-compatible': () => ({ OPENAI_BASE_URL: scripted.url, AI_MODEL: 'scripted' }),
}

describe.each(Object.entries(providers))('the %s provider', (name, env) => {
  const open = (): Promise<Llm> => openLlm({ env: env(), tasks, policy: QUICK })

  it('is the one that the environment asks for', async () => {
    const llm = await open()
    expect(llm.provider).toBe(name)
    expect(llm.deterministic).toBe(name === 'heuristic')
    expect(llm.model.specificationVersion).toBe('v3')
  })

  it('answers as a whole', async () => {
    expect(await answer(await open(), question)).toBe(ANSWER)
  })

  it('streams the same answer in several pieces', async () => {
    const pieces: string[] = []
    for await (const piece of streamAnswer(await open(), question)) pieces.push(piece)
    expect(pieces.join('')).toBe(ANSWER)
    expect(pieces.length).toBeGreaterThan(3)
  })

  it('reports what each call used', async () => {
    const llm = await open()
    await answer(llm, question)
    await collectStream(llm, question)
    const reported =
      name === 'heuristic' ? { estimated: true } : { inputTokens: 21, outputTokens: 9, estimated: false }
    expect(llm.meter.calls).toHaveLength(2)
    for (const call of llm.meter.calls) expect(call).toMatchObject({ ...reported, complete: true })
    expect(llm.meter.calls.map((call) => call.firstTokenMs)).toEqual([null, expect.any(Number)])
  })

  it('stops in the middle of an answer, and records that call as incomplete', async () => {
    const llm = await open()
    const abort = new AbortController()
    let shown = ''
    const reading = async () => {
      for await (const piece of streamAnswer(llm, { ...question, signal: abort.signal })) {
        shown += piece
        abort.abort()
      }
    }
    await expect(reading()).rejects.toMatchObject({ name: 'AbortError' })
    expect(ANSWER.startsWith(shown)).toBe(true)
    expect(shown.length).toBeLessThan(ANSWER.length)
    expect(llm.meter.calls).toMatchObject([{ complete: false, estimated: true }])
    expect(llm.meter.calls[0]?.inputTokens).toBeGreaterThan(0)
  })

  it('does not start when the signal was aborted before', async () => {
    const llm = await open()
    const aborted = { ...question, signal: AbortSignal.abort() }
    await expect(answer(llm, aborted)).rejects.toMatchObject({ name: 'AbortError' })
    expect((await collectStream(llm, aborted)).error).toMatchObject({ name: 'AbortError' })
  })

  it('works with the SDK directly', async () => {
    const { heuristic, ...rest } = question
    const result = await generateText({
      ...rest,
      model: (await open()).model,
      providerOptions: { heuristic },
    })
    expect(result.text).toBe(ANSWER)
    expect(result.finishReason).toBe('stop')
  })
})

const ask = (task: string, input: string) => ({ ...question, heuristic: { task, input } })
const heuristicTasks: HeuristicTasks = {
  shout: (input) => String(input).toUpperCase(),
  broken: () => {
    throw new RangeError('a bug in the task')
  },
}
const openHeuristic = () => openLlm({ env: {}, tasks: heuristicTasks })

describe('the heuristic provider', () => {
  it('works on the data of the question, and does not read the prompt', async () => {
    const llm = await openHeuristic()
    expect(await answer(llm, ask('shout', 'quiet please'))).toBe('QUIET PLEASE')
    expect(await answer(llm, { ...ask('shout', 'quiet please'), prompt: 'Whisper!' })).toBe('QUIET PLEASE')
  })

  it('streams word by word and loses no white space', async () => {
    const text = '  First line.\n\n- item\twith tab\n'
    const llm = await openLlm({ env: {}, tasks: { echo: (input) => String(input) } })
    const pieces: string[] = []
    for await (const piece of streamAnswer(llm, ask('echo', text))) pieces.push(piece)
    expect(pieces.join('')).toBe(text)
    expect(pieces).toHaveLength(7)
  })

  it('names the known tasks when asked for an unknown one, or one inherited from Object', async () => {
    const llm = await openHeuristic()
    for (const task of ['summarise', 'toString', '__proto__']) {
      const error = {
        kind: 'config',
        message: `no heuristic task is called "${task}"`,
        hint: 'Known tasks: shout, broken.',
      }
      await expect(answer(llm, ask(task, 'x'))).rejects.toMatchObject(error)
    }
  })

  it('stops between two words, and passes the signal on to its task', async () => {
    const abort = new AbortController()
    const seen: unknown[] = []
    const model = new HeuristicLanguageModel({
      echo: (input, { signal }) => {
        seen.push(signal)
        return String(input)
      },
    })
    const { stream } = await model.doStream({
      prompt: [],
      providerOptions: { heuristic: { task: 'echo', input: 'one two three' } },
      abortSignal: abort.signal,
    })
    const reading = (async () => {
      for await (const part of stream) if (part.type === 'text-delta') abort.abort()
    })()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    expect(seen).toEqual([abort.signal])
  })

  it('lets a bug in a task show itself', async () => {
    const llm = await openHeuristic()
    await expect(answer(llm, ask('broken', 'x'))).rejects.toThrow(RangeError)
    expect((await collectStream(llm, ask('broken', 'x'))).error).toBeInstanceOf(RangeError)
  })

  it('has a context window of 8,192 tokens, so that long texts are read in parts as for a small model', async () => {
    expect(await openHeuristic()).toMatchObject({ contextWindow: 8_192, price: { input: 0, output: 0 } })
    const other = await openLlm({ env: { AI_CONTEXT_WINDOW: '4096' }, tasks: heuristicTasks })
    expect(other.contextWindow).toBe(4_096)
  })

  it('costs nothing, and says that its tokens are estimates', async () => {
    const llm = await openHeuristic()
    await answer(llm, ask('shout', 'quiet please'))
    expect(llm.meter.total()).toMatchObject({
      costUsd: 0,
      estimated: true,
      inputTokens: 2,
      outputTokens: expect.any(Number),
    })
  })
})

const priced = { OPENAI_API_KEY: '', AI_MODEL: 'scripted', AI_PRICE_INPUT: '2', AI_PRICE_OUTPUT: '10' }
const openPriced = (url: string) => openAt(url, { env: { ...priced, OPENAI_BASE_URL: url } })

describe('the meter', () => {
  it('counts what the provider reports, and its price', async () => {
    const server = await startFaultServer(completion('hello'), streamed('hello'))
    const llm = await openPriced(server.url)
    await answer(llm, question)
    for await (const _ of streamAnswer(llm, question));
    // 11 tokens in at $2 and 7 out at $10 per million.
    for (const call of llm.meter.calls)
      expect(call).toMatchObject({ model: 'scripted', inputTokens: 11, outputTokens: 7, costUsd: 0.000092 })
    expect(llm.meter.total()).toMatchObject({
      calls: 2,
      inputTokens: 22,
      outputTokens: 14,
      incompleteCalls: 0,
      estimated: false,
    })
  })

  it('estimates what a server reports as zero tokens of text, and says so', async () => {
    const usage = { prompt_tokens: 11, completion_tokens: 0, total_tokens: 11 }
    const done = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage })
    const server = await startFaultServer(stream([delta('one two three'), done, 'data: [DONE]\n\n']))
    const llm = await openPriced(server.url)
    await collectStream(llm)
    expect(llm.meter.calls).toMatchObject([{ complete: true, inputTokens: 11, estimated: true }])
    expect(llm.meter.calls[0]?.outputTokens).toBeGreaterThan(0)
  })

  it('estimates instead of believing negative numbers', async () => {
    const usage = { prompt_tokens: -5, completion_tokens: -1, total_tokens: -6 }
    const done = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage })
    const server = await startFaultServer(stream([delta('one two three'), done, 'data: [DONE]\n\n']))
    const llm = await openPriced(server.url)
    await collectStream(llm)
    const [call] = llm.meter.calls
    expect(call).toMatchObject({ complete: true, estimated: true })
    expect(Math.min(call?.inputTokens ?? 0, call?.outputTokens ?? 0, call?.costUsd ?? 0)).toBeGreaterThan(0)
  })

  it('does not guess a price', async () => {
    const server = await startFaultServer(completion('hello'))
    const llm = await openAt(server.url)
    await answer(llm, question)
    expect(llm.meter.total().costUsd).toBeNull()
    expect(formatUsage(llm.meter.total())).toContain('cost: price unknown')
  })

  it('measures the time to the first token and the speed of writing', async () => {
    const server = await startFaultServer(stream([60, delta('a '), 60, delta('b'), ending('stop')]))
    const llm = await openAt(server.url)
    for await (const _ of streamAnswer(llm, question));
    const { firstTokenMs, totalMs = 0, outputTokens, tokensPerSecond } = llm.meter.calls[0] ?? {}
    expect(firstTokenMs).toBeGreaterThan(50)
    expect(totalMs).toBeGreaterThan(110)
    expect(outputTokens).toBe(7)
    expect(tokensPerSecond).toBeCloseTo(7_000 / (totalMs - (firstTokenMs ?? 0)))
  })

  it('estimates what an abandoned call used, and records it once', async () => {
    const server = await startFaultServer(stream([delta('one two three '), delta('four'), ending('stop')]))
    const llm = await openPriced(server.url)
    for await (const _ of streamAnswer(llm, question)) break
    expect(llm.meter.calls).toMatchObject([{ complete: false, estimated: true }])
    expect(llm.meter.calls[0]?.outputTokens).toBeGreaterThan(0)
    expect(llm.meter.calls[0]?.costUsd).toBeGreaterThan(0)
  })

  it('charges nothing for a call that never arrived', async () => {
    const llm = await openAt('http://127.0.0.1:1/v1', { policy: { maxRetries: 0 } })
    await expect(answer(llm, question)).rejects.toMatchObject({
      kind: 'network',
      message: expect.stringMatching(/127\.0\.0\.1:1\b/),
      hint: expect.stringMatching(/^(?:Start the server|Serve on another port)/),
    })
    expect(llm.meter.calls).toMatchObject([{ complete: false, inputTokens: 0, outputTokens: 0, costUsd: 0 }])
  })

  it('charges nothing for a call that was refused', async () => {
    const server = await startFaultServer(failure(401))
    const llm = await openPriced(server.url)
    await expect(answer(llm, question)).rejects.toThrow()
    expect(llm.meter.calls).toMatchObject([{ complete: false, inputTokens: 0, outputTokens: 0, costUsd: 0 }])
  })
})

describe('a cost', () => {
  const price: Price = {
    input: 1,
    output: 5,
    cachedInput: 0.1,
    longPrompt: { overTokens: 100_000, input: 2, output: 10 },
    source: 'example',
    date: '2026-01-01',
  }

  it('counts cached input at its own rate', () => {
    expect(
      computeCost(price, { inputTokens: 10_000, outputTokens: 1_000, cachedInputTokens: 4_000 }),
    ).toBeCloseTo(0.0114, 10)
  })

  it('changes for the whole request when the prompt is long', () => {
    expect(computeCost(price, { inputTokens: 100_000, outputTokens: 0 })).toBeCloseTo(0.1, 10)
    expect(computeCost(price, { inputTokens: 100_001, outputTokens: 1_000 })).toBeCloseTo(0.210002, 10)
  })
})

describe('formatUsage', () => {
  const call = {
    model: 'm',
    inputTokens: 1_234,
    outputTokens: 100,
    costUsd: 0.0012345,
    firstTokenMs: 250,
    totalMs: 2_250,
    tokensPerSecond: 50,
    complete: true,
    estimated: false,
  }

  it('fits on two lines', () => {
    const meter = new Meter()
    meter.record(call)
    expect(formatUsage(meter.total())).toBe(
      'tokens: 1,234 in, 100 out; cost: $0.00123\n1 call: first token 250 ms, 50 tokens/s, 2.3 s in all',
    )
  })

  it('marks estimates, cached tokens and incomplete calls', () => {
    const meter = new Meter()
    meter.record({ ...call, cachedInputTokens: 1_000 })
    meter.record({ ...call, estimated: true, complete: false, firstTokenMs: 350 })
    expect(formatUsage(meter.total())).toBe(
      'tokens: ~2,468 in (~1,000 from cache), ~200 out; cost: ~$0.00247\n' +
        '2 calls, 1 incomplete: first token 300 ms, ~51 tokens/s, 4.5 s in all',
    )
  })

  it('has something to say about no call at all', () => {
    expect(formatUsage(new Meter().total())).toBe('tokens: 0 in, 0 out; cost: $0\n0 calls: 0.0 s in all')
  })
})

/** At $1 per million tokens, costs read like token counts. */
const openUnder = (url: string, maxCostUsd: number, prices = { AI_PRICE_INPUT: '1', AI_PRICE_OUTPUT: '1' }) =>
  openAt(url, { env: { OPENAI_BASE_URL: url, AI_MODEL: 'scripted', ...prices }, maxCostUsd })
const asked = { ...question, maxOutputTokens: 1_000 }

describe('a cost ceiling', () => {
  it('refuses a call whose worst case passes it, before anything is sent', async () => {
    const server = await startFaultServer(completion('hello'))
    const llm = await openUnder(server.url, 0.0009)
    const refusal = { kind: 'cost', message: expect.stringContaining('ceiling of $0.0009'), retryable: false }
    await expect(answer(llm, asked)).rejects.toMatchObject(refusal)
    expect(await collectStream(llm, asked)).toMatchObject({ shown: '', error: refusal })
    expect(server.requests).toHaveLength(0)
    expect(llm.meter.calls).toHaveLength(0)
  })

  it('counts what was spent: after two calls of 18 tokens, a third of up to 1,000 is too much', async () => {
    const server = await startFaultServer(completion('hello'), streamed('hello'))
    const llm = await openUnder(server.url, 0.00103)
    await answer(llm, asked)
    await collectStream(llm, asked)
    expect(llm.meter.total().costUsd).toBeCloseTo(0.000036, 10)
    await expect(answer(llm, asked)).rejects.toMatchObject({ kind: 'cost' })
    expect(server.requests).toHaveLength(2)
  })

  it('does not count a call that failed', async () => {
    const server = await startFaultServer(failure(400), failure(400), completion('hello'))
    const llm = await openUnder(server.url, 0.0015)
    await expect(answer(llm, asked)).rejects.toMatchObject({ status: 400 })
    expect(await collectStream(llm, asked)).toMatchObject({ error: { status: 400 } })
    await expect(answer(llm, asked)).resolves.toBe('hello')
  })

  it('without a limit on the output reckons with the largest answer', async () => {
    const server = await startFaultServer(completion('hello'))
    await expect(answer(await openUnder(server.url, 0.008), question)).rejects.toMatchObject({ kind: 'cost' })
    await expect(answer(await openUnder(server.url, 0.009), question)).resolves.toBe('hello')
  })

  it('refuses a model of unknown price; without a ceiling it may answer', async () => {
    const server = await startFaultServer(completion('hello'))
    await expect(answer(await openAt(server.url, { maxCostUsd: 100 }), asked)).rejects.toMatchObject({
      kind: 'cost',
    })
    expect(server.requests).toHaveLength(0)
    await expect(answer(await openAt(server.url), asked)).resolves.toBe('hello')
  })

  it('never stands in the way of the heuristic provider', async () => {
    const llm = await openLlm({ env: {}, tasks: { greet: () => 'hello' }, maxCostUsd: 0 })
    await expect(answer(llm, question)).resolves.toBe('hello')
  })
})
