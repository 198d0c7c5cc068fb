import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LLMock } from '@copilotkit/aimock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setUpProgram } from '#kit/testing/program'

const { directory, start } = setUpProgram()
const docs = join(directory, 'docs')
const QUESTION = 'How often is a failed webhook delivery retried?'

beforeAll(async () => {
  mkdirSync(docs)
  writeFileSync(
    join(docs, 'webhooks.md'),
    '# Webhooks\n\nA failed delivery is retried 5 times over 6 hours.\n',
  )
  writeFileSync(
    join(docs, 'leave.html'),
    '<title>Leave</title><main><p>Everyone has 28 days of leave a year.</p></main>',
  )
  await start(['ingest', docs]).done
}, 90_000)

describe('the program', { timeout: 90_000 }, () => {
  it('takes questions from a pipe, and a follow-up for one', async () => {
    const { code, stdout } = await start([], {}, `${QUESTION}\nAnd over how many hours is it retried?\n`).done
    expect(code).toBe(0)
    expect(stdout.split('\n').filter((line) => line.includes('6 hours'))).toHaveLength(2)
  })

  it('reads a single file without an index', async () => {
    const { code, stdout } = await start([
      'ask',
      '--docs',
      join(docs, 'leave.html'),
      '--json',
      'How many days of leave?',
    ]).done
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'rag-answer.v1',
      refused: false,
      sources: [{ document: 'leave.html', title: 'Leave' }],
      citations: { used: [1], unknown: [] },
    })
  })

  it('stops on Ctrl-C with 130, and leaves an index that opens: what follows asks it', async () => {
    const { child, output, done } = start([], {}, null)
    await new Promise<void>((resolve) => {
      const look = () => (output.stderr.includes('Ctrl-D leaves') ? resolve() : setTimeout(look, 10))
      look()
    })
    child.kill('SIGINT')
    expect((await done).code).toBe(130)
  })
})

describe('every wire format', { timeout: 60_000 }, () => {
  const server = new LLMock({ port: 0 })
  beforeAll(async () => {
    const tokens = { prompt_tokens: 700, completion_tokens: 9, total_tokens: 709 }
    const usage = { ...tokens, input_tokens: 700, output_tokens: 9 }
    const content = 'A failed delivery is retried 5 times over 6 hours [1].'
    server.onMessage(/webhook delivery/, { content, usage }, { latency: 2, chunkSize: 5 })
    await server.start()
  })
  afterAll(() => server.stop())

  it.each([
    ['anthropic', () => ({ ANTHROPIC_API_KEY: 'scripted-key', ANTHROPIC_BASE_URL: server.url })],
    [
      'openai',
      // Its own embeddings would not fit the index that was made without a key.
      () => ({
        AI_PROVIDER: 'openai',
        OPENAI_API_KEY: 'scripted-key',
        OPENAI_BASE_URL: server.url,
        AI_EMBEDDING_MODEL: 'hashed',
      }),
    ],
    ['openai-compatible', () => ({ OPENAI_BASE_URL: server.url, AI_MODEL: 'scripted' })],
  ] as const)('%s', async (provider, env) => {
    const { code, stdout, stderr } = await start(['ask', QUESTION], env()).done
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'A failed delivery is retried 5 times over 6 hours [1].\n\n[1] webhooks.md: Webhooks\n',
    })
    expect(stderr).toContain(provider)
    expect(stderr).toMatch(/700 in/)
    expect(stderr).not.toContain('warning')
  })
})
