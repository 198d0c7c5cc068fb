import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { reporters } from './vitest.reporters.ts'

const composed = existsSync('.composed') ? readdirSync('.composed') : []
const seen = new Set<string>()

function isNew(path: string): boolean {
  const isKnown = seen.has(path)
  seen.add(path)
  return !isKnown
}

/** The tests of a layer are the same files in every template: here they run in the first that has it. Generated repos run all of theirs. */
function seenElsewhere(name: string): string[] {
  const tests = readdirSync(join('.composed', name, 'layers'), { recursive: true, encoding: 'utf8' })
  return tests
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join('layers', path))
    .filter((path) => !isNew(realpathSync(join('.composed', name, path))))
}

/** The fast tier: our own tests, and every template's own tests in its composed folder. FULL=1 adds what takes longer. */
export default defineConfig({
  test: {
    ...reporters('fast'),
    // One less, the default, leaves a core of a small machine idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'cli',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/{packed,smoke,browser}/**',
            'test/fixtures/**',
            ...(process.env['FULL'] === '1' ? [] : ['test/slow/**']),
          ],
          globalSetup: ['test/build-once.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      ...composed.map((name) => ({
        extends: './vitest.composed.config.ts' as const,
        root: `.composed/${name}`,
        test: { name, exclude: seenElsewhere(name) },
      })),
    ],
  },
})
