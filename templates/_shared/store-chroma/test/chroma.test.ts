import { expect, it } from 'vitest'
import { openChroma } from '#kit/store/chroma'
import { mayHaveIndex, openStore } from '#kit/store/open'
import { EMBEDDING } from '../../store/test/samples.ts'
import { describeFailures } from '../../store-log/test/broken-service.ts'

describeFailures('a Chroma', async (url) => {
  const database = openChroma({ url, collection: 'docs', timeoutMs: 1_000 })
  try {
    return await database.texts(['head'])
  } finally {
    await database.close()
  }
})

it.each([
  ['hush', 'is not an address'],
  ['ftp://127.0.0.1/hush', 'is not an http address'],
  ['http://me:hush@127.0.0.1:8000', 'has a user or a password in it'],
  ['http://127.0.0.1:8000/hush', 'has a path in it'],
])('refuses CHROMA_URL when it is no address of a server (%s), without repeating it', async (url, reason) => {
  const attempt = openStore({ env: { CHROMA_URL: url }, directory: '/nowhere', embedding: EMBEDDING })
  await expect(attempt).rejects.toMatchObject({
    name: 'StoreError',
    message: expect.stringContaining(reason),
  })
  await expect(attempt).rejects.not.toThrow('hush')
})

it('keeps the index in memory without CHROMA_URL and without a directory', async () => {
  const store = await openStore({ env: { CHROMA_URL: ' ' }, directory: undefined, embedding: EMBEDDING })
  expect(store.name).toBe('memory')
  expect(mayHaveIndex({ env: {}, directory: undefined })).toBe(false)
  await store.close()
})
