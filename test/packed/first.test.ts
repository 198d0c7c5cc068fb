import { describe } from 'vitest'
import { covers } from './covers.ts'
import { first } from './templates.ts'

// The other templates, options and versions of Node are in test/smoke.
describe(`${first.label}, generated from the packed tarball`, () => {
  covers(first, () => Promise.resolve(undefined))
})
