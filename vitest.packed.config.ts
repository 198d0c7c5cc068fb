import { defineConfig } from 'vitest/config'
import { reporters } from './vitest.reporters.ts'

/** Tests of what users get: the packed tarball, installed outside this repository. One file at a time: each installs and builds whole repos. */
export default defineConfig({
  test: {
    include: ['test/{packed,smoke}/**/*.test.ts'],
    globalSetup: ['test/packed/pack-once.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    bail: 0,
    ...reporters('packed'),
  },
})
