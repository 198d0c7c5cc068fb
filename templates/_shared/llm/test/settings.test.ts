import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Env, loadEnv } from '#kit/console/env'
import { parseBaseUrl } from '#kit/llm/base-url'
import { openLlm } from '#kit/llm/model'
import { DEFAULT_MODEL, MODELS } from '#kit/llm/models'
import { KEY } from '#kit/testing/open-test-llm'
import { reply, startFaultServer } from './fault-server.ts'

function directoryWith(dotenv?: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'llm-env-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  if (dotenv !== undefined) writeFileSync(join(directory, '.env'), dotenv)
  return directory
}

/** Opens without a network: any request fails the test. */
const open = (env: Env, announce?: (line: string) => void) =>
  openLlm({
    env,
    tasks: {},
    ...(announce && { announce }),
    fetch: () => {
      throw new Error('nothing may be sent')
    },
  })

describe('.env', () => {
  it('may be missing', () => {
    expect(loadEnv(directoryWith(), { A: '1' })).toEqual({ A: '1' })
  })

  it('may have a byte order mark, CRLF, quotes and comments', () => {
    const text = '\uFEFFFIRST=1\r\n# AI_MODEL=no\r\nAI_MODEL="a model"\r\nKEY=\'x#y\' # why\r\n\r\nEMPTY=\r\n'
    expect(loadEnv(directoryWith(text), {})).toEqual({
      FIRST: '1',
      AI_MODEL: 'a model',
      KEY: 'x#y',
      EMPTY: '',
    })
  })

  it('is overridden by the environment, also by a variable that is set to nothing', () => {
    const directory = directoryWith('A=file\nB=file\nC=file\n')
    expect(loadEnv(directory, { A: 'shell', B: '', C: undefined })).toEqual({ A: 'shell', B: '', C: 'file' })
  })

  it('that cannot be read is named', () => {
    const directory = directoryWith()
    mkdirSync(join(directory, '.env'))
    expect(() => loadEnv(directory, {})).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: expect.stringContaining('EISDIR') }),
    )
  })
})

describe('the provider', () => {
  const key = { ANTHROPIC_API_KEY: KEY }
  const choices: [Env, string, string][] = [
    [{}, 'heuristic', 'heuristic'],
    [{ AI_PROVIDER: '', ANTHROPIC_API_KEY: ' ', OPENAI_API_KEY: '' }, 'heuristic', 'heuristic'],
    [key, 'anthropic', 'claude-haiku-5-5'],
    [{ OPENAI_API_KEY: KEY }, 'openai', 'gpt-5.4-nano'],
    [{ OPENAI_API_KEY: KEY, AI_MODEL: 'gpt-5.6-luna' }, 'openai', 'gpt-5.6-luna'],
    [{ OPENAI_BASE_URL: 'http://localhost:11434/v1', AI_MODEL: 'm' }, 'openai-compatible', 'm'],
    [{ ...key, OPENAI_API_KEY: KEY, AI_PROVIDER: 'openai' }, 'openai', 'gpt-5.4-nano'],
    [
      { AI_PROVIDER: 'heuristic', ANTHROPIC_API_KEY: 'your-key-here', OPENAI_BASE_URL: 'http://example.com' },
      'heuristic',
      'heuristic',
    ],
  ]
  it.each(choices)('for %o is %s with %s', async (env, provider, modelId) => {
    expect(await open(env)).toMatchObject({ provider, modelId })
  })

  const problems: [Env, RegExp, RegExp][] = [
    [
      { ...key, OPENAI_API_KEY: KEY },
      /ANTHROPIC_API_KEY and OPENAI_API_KEY are both set/,
      /AI_PROVIDER=anthropic or AI_PROVIDER=openai\./,
    ],
    [{ ...key, OPENAI_BASE_URL: 'http://localhost:1' }, /both set/, /AI_PROVIDER=openai-compatible/],
    [{ AI_PROVIDER: 'claude' }, /AI_PROVIDER must be one of heuristic, anthropic/, /\.env\.example/],
    [{ AI_PROVIDER: 'openai' }, /needs OPENAI_API_KEY/, /\.env/],
    [{ AI_PROVIDER: 'openai-compatible' }, /needs OPENAI_BASE_URL/, /\.env/],
    [
      { ...key, AI_PRICE_INPUT: 'cheap', AI_PRICE_OUTPUT: '1' },
      /AI_PRICE_INPUT must be a number/,
      /\.env\.example/,
    ],
    [{ ...key, AI_PRICE_INPUT: '1' }, /go together/, /\.env\.example/],
    [{ ...key, AI_CONTEXT_WINDOW: '-5' }, /AI_CONTEXT_WINDOW must not be negative/, /\.env\.example/],
    [
      { ANTHROPIC_API_KEY: 'two words' },
      /ANTHROPIC_API_KEY has spaces or special characters/,
      /\.env\.example/,
    ],
  ]
  it.each(problems)('for %o is a ConfigError', async (env, message, hint) => {
    await expect(open(env)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })

  const placeholders =
    'your-key-here YOUR_API_KEY <key> sk-... sk-ant-xxx changeme change_me xxxx ... insert-key'.split(' ')
  it.each(placeholders)('is not called with the placeholder %s', async (placeholder) => {
    const error = await open({ OPENAI_API_KEY: placeholder }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('OPENAI_API_KEY is still a placeholder'),
    })
  })

  it('never shows a key in a complaint about it', async () => {
    const error = await open({ OPENAI_API_KEY: `${KEY}\u00a0typo`, AI_PROVIDER: 'x' }).catch(
      (reason: unknown) => reason,
    )
    expect(`${JSON.stringify(error)} ${error}`).not.toContain(KEY)
  })

  it('is announced in one line, and the heuristic one as what it is', async () => {
    const lines: string[] = []
    const announce = (line: string) => lines.push(line)
    await open({}, announce)
    await open(key, announce)
    await open({ OPENAI_BASE_URL: 'http://localhost:1', AI_MODEL: 'm' }, announce)
    expect(lines).toEqual([
      expect.stringContaining('not a language model'),
      'provider: anthropic, model: claude-haiku-5-5 ($0.1 in / $0.5 out per million tokens, context 1,000,000 tokens)',
      'provider: openai-compatible, model: m (price unknown, context 8,192 tokens)',
    ])
  })
})

/** A port that was free a moment ago. */
async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('a local server', () => {
  const models = (...ids: string[]) =>
    reply(200, JSON.stringify({ object: 'list', data: ids.map((id) => ({ id })) }))
  const openAt = (url: string) => openLlm({ env: { OPENAI_BASE_URL: url }, tasks: {} })

  it('is asked which model it has, and that is used when it is the only one', async () => {
    const server = await startFaultServer(models('tiny'))
    expect(await openAt(server.url)).toMatchObject({
      provider: 'openai-compatible',
      modelId: 'tiny',
      price: undefined,
    })
    expect(server.requests).toMatchObject([{ path: '/v1/models' }])
  })

  it('with several models, or none, asks you to choose', async () => {
    const none = reply(200, '{"object": "list", "data": null}')
    const server = await startFaultServer(models('tiny', 'huge'), models(), none)
    await expect(openAt(server.url)).rejects.toMatchObject({
      message: expect.stringContaining('2 models: tiny, huge'),
      hint: expect.stringContaining('AI_MODEL'),
    })
    for (const _ of [1, 2])
      await expect(openAt(server.url)).rejects.toMatchObject({ message: expect.stringContaining('no model') })
  })

  it('that does not answer sensibly is named', async () => {
    const server = await startFaultServer(
      reply(200, '<html>'),
      reply(404, 'no'),
      reply(200, '{"models": []}'),
    )
    for (const reason of [/JSON/, /status 404/, /not a list of models/]) {
      await expect(openAt(server.url)).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringMatching(reason),
      })
    }
    await expect(openAt('http://127.0.0.1:1')).rejects.toMatchObject({ name: 'ConfigError' })
  })

  it('that does not run is named, with what to do', async () => {
    const port = await findFreePort()
    await expect(openAt(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(`127.0.0.1:${port} refused the connection (ECONNREFUSED)`),
      hint: 'Start the server, or correct host and port.',
    })
  })
})

it('takes the context window and price of an unlisted model from the environment', async () => {
  const env = {
    OPENAI_BASE_URL: 'http://localhost:1',
    AI_MODEL: 'm',
    AI_CONTEXT_WINDOW: '32768',
    AI_PRICE_INPUT: '0',
    AI_PRICE_OUTPUT: '0.5',
  }
  expect(await open(env)).toMatchObject({ contextWindow: 32_768, price: { input: 0, output: 0.5 } })
})

describe('a base URL', () => {
  it.each([
    ['https://gateway.example.com/v1/', 'https://gateway.example.com/v1'],
    ['http://localhost:11434', 'http://localhost:11434/v1'],
    ['http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000/v1'],
    ['http://[::1]:8000/api', 'http://[::1]:8000/api'],
    ['http://0.0.0.0:8000/v1', 'http://127.0.0.1:8000/v1'],
    ['http://[::]:8080', 'http://[::1]:8080/v1'],
    ['http://ollama.localhost:11434/v1', 'http://ollama.localhost:11434/v1'],
    ['http://host.docker.internal:11434/v1', 'http://host.docker.internal:11434/v1'],
    ['http://localhost:1234/v1/chat/completions', 'http://localhost:1234/v1'],
  ])('%s may carry a key', (value, url) => {
    expect(parseBaseUrl('OPENAI_BASE_URL', value, false)).toEqual({ url, mayCarryKey: true })
  })

  it.each([
    'http://192.168.1.20:8000/v1',
    'http://10.1.2.3/v1',
    'http://[fd00::1]/v1',
    'http://ollama:11434/v1',
    'http://nas.local/v1',
  ])('%s needs permission, and then carries no key', (value) => {
    expect(() => parseBaseUrl('OPENAI_BASE_URL', value, false)).toThrow(/plain http to another machine/)
    expect(parseBaseUrl('OPENAI_BASE_URL', value, true)).toEqual({ url: value, mayCarryKey: false })
  })

  it.each([
    'http://api.example.com/v1',
    'http://localhost.example.com/v1',
    'http://127.0.0.1.nip.io/v1',
    'http://8.8.8.8/v1',
    'http://169.254.169.254/v1',
    'http://0.0.0.1/v1',
    'http://host.docker.internal.example.com/v1',
    'http://[64:ff9b::7f00:1]/v1',
  ])('%s is refused, with or without permission', (value) => {
    for (const allowHttp of [false, true]) {
      expect(() => parseBaseUrl('OPENAI_BASE_URL', value, allowHttp)).toThrow(/plain http to a public host/)
    }
  })

  it.each([
    ['http://127.0.0.1:4000/anthropic', 'http://127.0.0.1:4000/anthropic/v1'],
    ['https://gateway.example.com/v1', 'https://gateway.example.com/v1'],
    ['https://gateway.example.com/v1/anthropic/', 'https://gateway.example.com/v1/anthropic/v1'],
  ])('of Anthropic, %s, is written without /v1 by its own tools', (value, url) => {
    expect(parseBaseUrl('ANTHROPIC_BASE_URL', value, false)).toMatchObject({ url })
  })

  it('below localhost leads to this machine, whether or not DNS knows it', async () => {
    const server = await startFaultServer(reply(200, '{"data": [{"id": "tiny"}]}'))
    const url = server.url.replace('127.0.0.1', 'models.localhost')
    expect(await openLlm({ env: { OPENAI_BASE_URL: url }, tasks: {} })).toMatchObject({ modelId: 'tiny' })
  })

  it('takes no key that a request cannot carry, on this machine either', async () => {
    const env = { OPENAI_API_KEY: 'ключ', OPENAI_BASE_URL: 'http://localhost:1/v1', AI_MODEL: 'm' }
    await expect(open(env)).rejects.toThrow('special characters')
  })

  it.each(['none', 'x', 'sk-xxx', 'your-key-here'])('on this machine takes any key: %s', async (word) => {
    const env = { OPENAI_API_KEY: word, AI_MODEL: 'm' }
    await open({ ...env, OPENAI_BASE_URL: 'http://0.0.0.0:8000/v1' })
    const elsewhere = open({ ...env, OPENAI_BASE_URL: 'https://api.example.com/v1' })
    await expect(elsewhere).rejects.toThrow('still a placeholder')
  })

  it.each(['localhost:11434', 'ftp://localhost/v1', 'not a url', 'http://', '//host/v1'])(
    '%s is not one',
    (value) => {
      expect(() => parseBaseUrl('OPENAI_BASE_URL', value, true)).toThrow(
        'OPENAI_BASE_URL is not an http(s) URL',
      )
    },
  )

  it('with a password is refused, and the password is not shown', () => {
    const parse = () => parseBaseUrl('OPENAI_BASE_URL', 'https://me:hunter2@example.com/v1', true)
    expect(parse).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: expect.not.stringContaining('hunter2') }),
    )
  })
})

it.each(Object.entries(MODELS))(
  '%s has possible sizes, and a price with source and date or none',
  (_, facts) => {
    expect(facts.maxOutput).toBeGreaterThan(0)
    expect(facts.contextWindow).toBeGreaterThan(facts.maxOutput)
    if (facts.price === null) return
    expect(facts.price.output).toBeGreaterThan(facts.price.input)
    expect(facts.price.input).toBeGreaterThan(facts.price.cachedInput ?? 0)
    expect(facts.price.longPrompt?.input ?? Number.POSITIVE_INFINITY).toBeGreaterThan(facts.price.input)
    expect(facts.price.source).toMatch(/^https:/)
    expect(facts.price.date).toMatch(/^\d{4}-\d\d-\d\d$/)
  },
)

it('lists the default models', () => {
  expect(Object.keys(MODELS)).toEqual(expect.arrayContaining(Object.values(DEFAULT_MODEL)))
})
