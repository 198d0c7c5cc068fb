import { describe, expect, it } from 'vitest'
import { mergePackageJson, nameLockFile } from '../../src/core/package-json.ts'

const name = { packageName: '@me/app', directoryName: 'app' }

describe('package.json', () => {
  it('is the layers merged deeply, in the order readers expect, with name and description set', () => {
    const parts = [
      { owner: 'base', json: { type: 'module', scripts: { test: 'vitest run' } } },
      { owner: 'llm', json: { dependencies: { zod: '^4', ai: '^6' }, scripts: { build: 'tsc' } } },
    ]
    const merged = mergePackageJson(parts, name, 'Says "hi"')
    expect(JSON.stringify(merged)).toBe(
      '{"name":"@me/app","description":"Says \\"hi\\"","type":"module","scripts":{"build":"tsc","test":"vitest run"},"dependencies":{"ai":"^6","zod":"^4"}}',
    )
  })

  it('accepts what two layers agree on and names both where they do not', () => {
    const agreed = [1, 2].map((n) => ({ owner: `layer${n}`, json: { dependencies: { zod: '^4' } } }))
    expect(mergePackageJson(agreed, name, '')).toMatchObject({ dependencies: { zod: '^4' } })
    const parts = [...agreed, { owner: 'other', json: { dependencies: { zod: '^3' } } }]
    expect(() => mergePackageJson(parts, name, '')).toThrow(/dependencies\.zod.*layer2.*other/)
  })

  it('takes no key from a name or description that looks like JSON', () => {
    const merged = mergePackageJson(
      [{ owner: 'base', json: { type: 'module' } }],
      name,
      'a","scripts":{"postinstall":"x"}',
    )
    expect(Object.keys(JSON.parse(JSON.stringify(merged)))).toEqual(['name', 'description', 'type'])
  })
})

describe('a lock file', () => {
  it('names the project in both places and changes nothing else', () => {
    const lock = JSON.stringify(
      {
        name: 'x',
        lockfileVersion: 3,
        packages: {
          '': { name: 'x', dependencies: { zod: '^4' } },
          'node_modules/zod': { name: 'zod', version: '4.0.0' },
        },
      },
      null,
      2,
    )
    expect(JSON.parse(nameLockFile(lock, name))).toEqual({
      name: '@me/app',
      lockfileVersion: 3,
      packages: {
        '': { name: '@me/app', dependencies: { zod: '^4' } },
        'node_modules/zod': { name: 'zod', version: '4.0.0' },
      },
    })
  })
})
