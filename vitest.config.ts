import { existsSync, readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { reporters } from './vitest.reporters.ts'

const composed = existsSync('.composed') ? readdirSync('.composed') : []

/** The fast tier: our own tests, and every template's own tests in its composed folder. FULL=1 adds what takes longer. */
export default defineConfig({
  test: {
    ...reporters('fast'),
    projects: [
      {
        test: {
          name: 'cli',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{packed,smoke}/**', ...(process.env['FULL'] === '1' ? [] : ['test/slow/**'])],
          globalSetup: ['test/build-once.ts'],
          testTimeout: 30_000,
        },
      },
      ...composed.map((name) => ({
        extends: './vitest.composed.config.ts' as const,
        root: `.composed/${name}`,
        test: { name },
      })),
    ],
  },
})
