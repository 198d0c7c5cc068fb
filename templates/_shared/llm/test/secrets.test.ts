import { describe, expect, it } from 'vitest'
import { answer } from '#kit/llm/answer'
import { hideSecretsIn, isSecret, SecretFilter } from '#kit/llm/secrets'
import { listSecrets, parseSettings } from '#kit/llm/settings'
import { collectStream, KEY, openAt, question } from '#kit/testing/open-test-llm'
import { completion, delta, ending, startFaultServer, stream } from './fault-server.ts'

describe('a key', () => {
  it('inside an answer is shown nowhere, however the stream cuts it', async () => {
    const text = `Your key is ${KEY}, so ${KEY.slice(0, 9)} begins it.`
    const shown = `Your key is [redacted], so ${KEY.slice(0, 9)} begins it.`
    const pieces = text.match(/.{1,4}/gs) ?? []
    const server = await startFaultServer(completion(text), stream([...pieces.map(delta), ending('stop')]))
    const llm = await openAt(server.url)
    expect(await answer(llm, question)).toBe(shown)
    expect(await collectStream(llm)).toEqual({ shown, error: undefined })
  })

  it.each(['token', 'key', 'ollama', 'EMPTY', 'lm-studio', 'not-needed', 'sk-no-key-required', '1234', 'a'])(
    'that only stands in for one hides no word of a text: %s',
    (word) => {
      const env = { OPENAI_BASE_URL: 'http://localhost:1/v1', OPENAI_API_KEY: word }
      expect(listSecrets(parseSettings(env))).toEqual([])
      const event = { type: word, usage: { tokens: 1 }, text: `the ${word}s` }
      expect(hideSecretsIn(event, [word])).toEqual(event)
    },
  )

  it.each(['sk-ant-1234567890', 'gsk_AbCdEfGh', KEY, 'correct-horse-battery-staple', 'aVeryMixedKey'])(
    'is one when it looks like one: %s',
    (key) => {
      expect(isSecret(key)).toBe(true)
    },
  )
})

it('hides the shorter of two keys too, and lets go of what turned out to be text', () => {
  const filter = new SecretFilter(['abcdefgh1', 'abcd12345'])
  expect(filter.push('x abcd')).toBe('x ')
  expect(filter.push('efg')).toBe('')
  expect(filter.push('z') + filter.push('abcd12345') + filter.end()).toBe('abcdefgz[redacted]')
})
