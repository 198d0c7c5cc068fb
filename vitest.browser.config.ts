import { defineConfig } from 'vitest/config'
import { reporters } from './vitest.reporters.ts'

/** Tests of the generated pages in a real browser, against a scripted server on loopback. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    ...reporters('browser'),
  },
})
