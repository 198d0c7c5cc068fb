import { defineConfig, mergeConfig } from 'vitest/config'
import generated from './templates/_shared/base/files/vitest.config.ts'

/**
 * Runs a template's own tests in its composed folder. Those that start the built program again and again, or a database in the process, run in what is
 * generated from the packed tarball. FULL=1 adds here what a generated repo has no server for.
 */
const slow = ['{test,layers}/**/main.test.ts', '{test,layers}/**/!(chroma|postgres).db.test.ts']
const served = process.env['FULL'] === '1' ? [] : ['layers/**/{chroma,postgres}.db.test.ts']

export default mergeConfig(
  generated,
  defineConfig({
    resolve: { preserveSymlinks: true },
    test: { include: ['{test,layers}/**/*.test.ts'], exclude: [...slow, ...served] },
  }),
)
