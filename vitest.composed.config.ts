import { defineConfig, mergeConfig } from 'vitest/config'
import generated from './templates/_shared/base/files/vitest.config.ts'

/** Runs a template's own tests in its composed folder. Those that start the built program again and again, or a database, wait for the full run. */
const slow = process.env['FULL'] === '1' ? [] : ['test/**/main.test.ts', 'test/**/*.db.test.ts']

export default mergeConfig(
  generated,
  defineConfig({ resolve: { preserveSymlinks: true }, test: { exclude: slow } }),
)
