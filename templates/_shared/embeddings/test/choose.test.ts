import { describe, expect, it } from 'vitest'
import type { Env } from '#kit/console/env'
import { openEmbedder } from '#kit/embeddings/open'
import { KEY } from '#kit/testing/open-test-llm'
import { startFaultServer } from '../../llm/test/fault-server.ts'
import { embeds, hashed, inputOf, openAt } from './open-test-embedder.ts'

/** Opens an embedder without a network: any request fails the test. */
const open = (env: Env, announce?: (line: string) => void) =>
  openEmbedder({
    env,
    hashed,
    ...(announce && { announce }),
    fetch: () => {
      throw new Error('nothing may be sent')
    },
  })

const openai = { OPENAI_API_KEY: KEY }
const anthropic = { ANTHROPIC_API_KEY: KEY }
const local = { OPENAI_BASE_URL: 'http://localhost:11434/v1' }
const small = { provider: 'openai', modelId: 'text-embedding-3-small', dimensions: 1536, isSemantic: true }
const large = { provider: 'openai', modelId: 'text-embedding-3-large', dimensions: 3072, isSemantic: true }
const words = { provider: 'heuristic', modelId: 'hashed-27', dimensions: 27, isSemantic: false }

describe('who embeds', () => {
  const choices: [Env, object][] = [
    [{}, words],
    [openai, small],
    [{ ...openai, AI_EMBEDDING_MODEL: ' ' }, small],
    [{ ...openai, AI_EMBEDDING_MODEL: 'text-embedding-3-large' }, large],
    [{ ...openai, AI_EMBEDDING_MODEL: 'hashed' }, words],
    [{ ...openai, AI_EMBEDDING_MODEL: 'text-embedding-3-large', AI_PROVIDER: 'heuristic' }, words],
    [local, words],
    [
      { ...local, AI_EMBEDDING_MODEL: 'text-embedding-3-small' },
      { ...small, provider: 'openai-compatible' },
    ],
    [anthropic, words],
    [
      { ...anthropic, ...openai, AI_PROVIDER: 'anthropic', AI_EMBEDDING_MODEL: 'text-embedding-3-large' },
      large,
    ],
    [{ ...anthropic, ...openai, AI_PROVIDER: 'anthropic' }, words],
  ]
  it.each(choices)('for %o is %o', async (env, embedder) => {
    expect(await open(env)).toMatchObject(embedder)
  })

  const problems: [Env, RegExp][] = [
    [{ AI_EMBEDDING_MODEL: 'm' }, /AI_EMBEDDING_MODEL=m needs OPENAI_API_KEY or OPENAI_BASE_URL/],
    [{ ...anthropic, AI_EMBEDDING_MODEL: 'm' }, /AI_EMBEDDING_MODEL=m needs OPENAI_API_KEY/],
    [{ ...anthropic, ...openai }, /both set/],
    [{ OPENAI_BASE_URL: 'http://example.com', AI_EMBEDDING_MODEL: 'm' }, /plain http to a public host/],
  ]
  it.each(problems)('for %o is a ConfigError', async (env, message) => {
    await expect(open(env)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(message),
    })
  })

  it('is announced in one line, with the reason where the user could expect a model', async () => {
    const lines: string[] = []
    const envs = [{}, anthropic, local, { ...openai, AI_EMBEDDING_MODEL: 'hashed' }, openai]
    for (const env of envs) await open(env, (line) => lines.push(line))
    expect(lines).toEqual([
      'embeddings: hashed vector (27 dimensions; it compares words, not meaning)',
      'embeddings: hashed vector, because Anthropic has no embeddings API (27 dimensions; it compares words, not meaning)',
      'embeddings: hashed vector, because AI_EMBEDDING_MODEL is not set (27 dimensions; it compares words, not meaning)',
      'embeddings: hashed vector, because AI_EMBEDDING_MODEL=hashed (27 dimensions; it compares words, not meaning)',
      'embeddings: openai, model: text-embedding-3-small ($0.02 per million tokens, 1,536 dimensions, reads 8,192 tokens of a text)',
    ])
  })
})

it('finds the dimensions of a model that is not listed by one call', async () => {
  const server = await startFaultServer(embeds)
  const embedder = await openAt(server.url)
  expect(embedder).toMatchObject({ provider: 'openai-compatible', modelId: 'scripted', dimensions: 3 })
  expect(server.requests.map(inputOf)).toEqual([['dimensions']])
  expect(embedder.meter.calls).toHaveLength(1)
})
