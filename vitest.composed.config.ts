import { defineConfig } from 'vitest/config'
import generated from './templates/_shared/base/files/vitest.config.ts'

const { include: _whatAGeneratedRepoRuns, ...test } = generated.test ?? {}

/** Runs tests of a template and of its layers in its composed folder; `vitest.config.ts` says which. */
export default defineConfig({ resolve: { preserveSymlinks: true }, test })
