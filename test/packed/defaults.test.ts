import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { covers } from './covers.ts'
import { mustRun } from './generated.ts'
import { defaults } from './templates.ts'

describe.each(defaults)('$label, generated from the packed tarball', (variant) => {
  covers(variant, () => Promise.resolve(undefined))
})

it('a new project is installed and shows that it works before it is called ready, with --verify', async () => {
  const cwd = mkdtempSync(join(inject('home'), 'verified-'))
  const printed = await mustRun(
    'node',
    [inject('bin'), 'new', 'summariser', 'demo', '--yes', '--verify', '--json'],
    cwd,
  )
  const { ok, result } = JSON.parse(printed)
  expect(ok).toBe(true)
  expect(result.checks.map(({ step, ok: passed }: { step: string; ok: boolean }) => [step, passed])).toEqual(
    ['typecheck', 'test', 'eval', 'build'].map((step) => [step, true]),
  )
  expect(await mustRun('git', ['status', '--porcelain'], join(cwd, 'demo'))).toBe('')
})
