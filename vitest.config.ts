import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { reporters } from './vitest.reporters.ts'

/** `fast` is what `npm test` starts with; `slow` is what `npm run test:all` adds to it. */
const tier = process.env['TIER'] === 'slow' ? 'slow' : 'fast'

/** Tests of ours that run the CLI hundreds of times. */
const WALKS = [
  'test/cli/{build,mine,next,paths,pm,portfolio,programs,prompts,read-only,road,skip,targets}.test.ts',
]
/** Tests of ours that are short, and go through every kill point with FULL=1. */
const COUNTED = ['test/cli/faults.test.ts']
/** In composed folders: what starts built programs again and again, or a database in the process. */
const SLOW = /(?:^|\/)main\.test\.ts$|\.db\.test\.ts$/

const seen = new Set<string>()

/**
 * The test files of a composed template that this tier runs. The same file is in every template that has its layer: the fast tier runs it in the first one, the slow
 * tier in all others.
 */
function listTests(name: string): string[] {
  const root = join('.composed', name)
  const own = existsSync(join(root, 'test')) ? filesBelow(root, 'test') : []
  const layers = filesBelow(root, 'layers')
  const firsts = [...own, ...layers].filter((path) => isFirst(realpathSync(join(root, path))))
  const fast = firsts.filter((path) => !SLOW.test(path))
  if (tier === 'fast') return fast
  // A generated repo runs all of its own tests itself.
  return layers.filter((path) => !fast.includes(path) && (firsts.includes(path) || !SLOW.test(path)))
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(folder, path))
}

function isFirst(path: string): boolean {
  const first = !seen.has(path)
  seen.add(path)
  return first
}

const composed = existsSync('.composed') ? readdirSync('.composed') : []

export default defineConfig({
  test: {
    ...reporters(tier),
    // Two for each core: many tests wait for programs and clocks, and with one a third of a small machine would idle.
    // The slow tier has tests of its own that fill the machine.
    maxWorkers: (tier === 'fast' ? 2 : 1) * availableParallelism(),
    projects: [
      {
        test: {
          name: 'cli',
          include: tier === 'fast' ? ['test/**/*.test.ts'] : ['test/slow/**/*.test.ts', ...WALKS, ...COUNTED],
          exclude: [
            'test/{packed,smoke,browser}/**',
            'test/fixtures/**',
            ...(tier === 'fast' ? ['test/slow/**', ...WALKS] : []),
          ],
          globalSetup: ['test/build-once.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      ...composed.map((name) => ({
        extends: './vitest.composed.config.ts' as const,
        root: `.composed/${name}`,
        test: { name, include: listTests(name) },
      })),
    ],
  },
})
