import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateText, jsonSchema, Output, type ToolSet, tool } from 'ai'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import * as z from 'zod'
import { answer } from '#kit/llm/answer'
import { openLlm, requireToolCalls } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { nameCommand, parseCommandLine } from '#kit/program/command-line'
import { pickEnvironment } from '#kit/program/run'
import { collectStream, KEY, question } from '#kit/testing/open-test-llm'

/** Runs JavaScript that has its whole standard input in `prompt`. */
const script = (code: string) =>
  JSON.stringify([process.execPath, '-e', `const prompt = require('fs').readFileSync(0, 'utf8'); ${code}`])

const open = (code: string, env: Record<string, string> = {}, policy = {}) =>
  openLlm({
    env: { ...process.env, AI_PROVIDER: 'command', AI_COMMAND: script(code), ...env },
    tasks: {},
    policy,
  })

const ECHO = 'console.log(prompt.trim())'

describe('a program as the model', () => {
  it('gets the prompt on standard input, and its standard output is the answer', async () => {
    const llm = await open(ECHO)
    expect(await answer(llm, question)).toBe('You are brief.\n\nSay hello.')
    expect(await collectStream(llm)).toEqual({ shown: 'You are brief.\n\nSay hello.', error: undefined })
  })

  it('is shown with its name; tokens are estimated, and the cost is unknown', async () => {
    const lines: string[] = []
    const env = { AI_PROVIDER: 'command', AI_COMMAND: script(ECHO), AI_MODEL: 'small' }
    const llm = await openLlm({ env, tasks: {}, announce: (line) => lines.push(line) })
    await answer(llm, question)
    expect(llm).toMatchObject({
      provider: 'command',
      modelId: expect.stringMatching(/^through node.* \(small\)$/),
    })
    expect(lines).toEqual([
      expect.stringMatching(/^provider: command, through node.*cost unknown, tokens estimated/),
    ])
    expect(formatUsage(llm.meter.total())).toMatch(/tokens: ~\d+ in, ~\d+ out; cost: price unknown/)
  })

  it('sees no key and nothing else of this environment that could be one', async () => {
    const secrets = {
      OPENAI_API_KEY: KEY,
      GITHUB_TOKEN: 'ghp_1',
      DATABASE_URL: 'postgres://me:pw@db/x',
      MY_DIR: `/x/${KEY}`,
    }
    const llm = await open('console.log(JSON.stringify(process.env))', secrets)
    const seen = await answer(llm, question)
    expect(Object.keys(JSON.parse(seen))).toContain('PATH')
    for (const word of [KEY, 'ghp_1', 'postgres', 'AI_COMMAND']) expect(seen).not.toContain(word)
  })

  it('answers with data where a schema is asked for, also from a code block', async () => {
    const code = "console.log(prompt.includes('city') ? '```json\\n{\"city\": \"Lima\"}\\n```' : 'no schema')"
    const schema = jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } })
    const { model } = await open(code)
    const { output } = await generateText({ model, prompt: 'Where?', output: Output.object({ schema }) })
    expect(output).toEqual({ city: 'Lima' })
  })

  it('has its thoughts and colours taken out', async () => {
    const llm = await open(
      "console.log('Thinking...\\nHm.\\n...done thinking.\\n\\n\\u001b[32mhello\\u001b[0m')",
    )
    expect(await answer(llm, question)).toBe('hello')
  })

  it('cannot call tools, and says so in one line', async () => {
    const llm = await open(ECHO)
    const tools: ToolSet = { look: tool({ inputSchema: z.looseObject({}) }) }
    const asking = generateText({ model: llm.model, prompt: 'x', tools })
    await expect(asking).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('cannot call tools'),
    })
    expect(() => requireToolCalls(llm)).toThrow('cannot call tools')
  })
})

describe('a program that', () => {
  const failures: [string, string, RegExp][] = [
    ['fails', "console.error('first line\\nnot logged in'); process.exit(3)", /failed \(3\): not logged in/],
    ['answers with nothing', '', /no text/],
    ['writes without end', "for (;;) require('fs').writeSync(1, 'x'.repeat(65536))", /more than 4 MB/],
    ['takes too long', 'setTimeout(() => {}, 60000)', /no (?:complete answer|first token) within 0.6 s/],
  ]
  it.each(failures)('%s is an error that says so', async (_, code, message) => {
    const llm = await open(code, {}, { totalMs: 600 })
    await expect(answer(llm, question)).rejects.toMatchObject({
      name: 'LlmError',
      message: expect.stringMatching(message),
    })
  })

  it('is not installed is named', async () => {
    const llm = await open(ECHO, { AI_COMMAND: 'no-such-program-here --x' })
    await expect(answer(llm, question)).rejects.toMatchObject({
      kind: 'config',
      message: 'no-such-program-here is not installed or not in PATH',
    })
  })

  it('ignores its input answers all the same', async () => {
    const env = { AI_COMMAND: JSON.stringify([process.execPath, '-e', "console.log('always')"]) }
    const long = { ...question, prompt: 'word '.repeat(100_000) }
    expect(await answer(await open(ECHO, env), long)).toBe('always')
  })

  it('is stopped takes what it started with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'program-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'pid')
    await writeFile(file, '')
    const code = `const child = require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
      require('fs').writeFileSync(${JSON.stringify(file)}, String(child.pid)); setTimeout(() => {}, 60000)`
    const stop = new AbortController()
    const asking = answer(await open(code), { ...question, signal: stop.signal })
    const readPid = async () => Number(await readFile(file, 'utf8'))
    await vi.waitFor(async () => expect(await readPid()).toBeGreaterThan(0), { timeout: 5_000 })
    stop.abort()
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
    const pid = await readPid()
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 5_000 })
  })
})

describe('AI_COMMAND', () => {
  it.each([
    ['ollama run tiny', ['ollama', 'run', 'tiny'], 'ollama'],
    [
      '"/opt/my tools/ask" --say \'be brief\' --x=""',
      ['/opt/my tools/ask', '--say', 'be brief', '--x='],
      'ask',
    ],
    ['["node", "ask.mjs", "a b"]', ['node', 'ask.mjs', 'a b'], 'node ask.mjs'],
    ['C:\\tools\\llm.exe -m x', ['C:\\tools\\llm.exe', '-m', 'x'], 'llm'],
  ])('%s is a list of words', (line, words, name) => {
    expect(parseCommandLine(line)).toEqual(words)
    expect(nameCommand(parseCommandLine(line))).toBe(name)
  })

  it.each([
    ['ask | tee log', /without a shell, where \| means nothing/],
    ['say "hello', /quotation mark/],
    ['["node", 1]', /list of strings/],
    [undefined, /AI_PROVIDER=command needs AI_COMMAND/],
  ])('%s is refused in one line', async (line, message) => {
    const env = { AI_PROVIDER: 'command', AI_COMMAND: line }
    await expect(openLlm({ env, tasks: {} })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(message),
    })
  })

  it('is nothing without AI_PROVIDER=command', async () => {
    expect(await openLlm({ env: { AI_COMMAND: 'ask' }, tasks: {} })).toMatchObject({ provider: 'heuristic' })
  })

  it('runs with the folders of its user, and no address with a password', () => {
    const env = { HOME: '/home/me', CODEX_HOME: '/x', LC_ALL: 'C', NPM_TOKEN: 'a', X_DIR: 'http://me:pw@x' }
    expect(pickEnvironment(env, [])).toEqual({
      HOME: '/home/me',
      CODEX_HOME: '/x',
      LC_ALL: 'C',
      NO_COLOR: '1',
    })
  })
})
