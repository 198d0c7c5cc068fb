import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

it('create-ai-eng-starter has the version of this package, and depends on exactly that version', () => {
  const { version, engines, license } = read('package.json')
  expect(read('create/package.json')).toMatchObject({
    ...{ version, engines, license },
    dependencies: { 'ai-eng-starter': version },
  })
})
