import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { hashJson, toCanonicalJson } from '#kit/console/hash-json'
import { quoteShellCommand, quoteShellWord } from '#kit/console/shell'

it.each([
  'a b',
  "it's",
  '$(touch x)',
  '`x`',
  'a;b',
  '"q"',
  '-x',
  '',
  'é',
  'a\\b',
  '*',
  '~',
  'a\nb',
  '{a,b}',
  '#x',
])('a shell reads %j as it was', (word) => {
  const line = quoteShellCommand(['printf', '%s', word])
  expect(execFileSync('sh', ['-c', line]).toString('utf8')).toBe(word)
})

it('leaves plain words unchanged', () => {
  expect(quoteShellWord('--at=m1/x.json')).toBe('--at=m1/x.json')
})

it('writes and hashes JSON without regard to the order of keys', () => {
  expect(toCanonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}')
  expect(hashJson({ b: 1, a: 2 })).toBe(hashJson({ a: 2, b: 1 }))
  expect(hashJson([1, 2])).not.toBe(hashJson([2, 1]))
  expect(hashJson({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
})
