import { mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { mustRun } from './generated.ts'
import { defaults } from './templates.ts'

const INSTALL_SCRIPTS =
  ':attr(scripts, [postinstall]), :attr(scripts, [install]), :attr(scripts, [preinstall])'

describe.each(defaults)('$label, generated from the packed tarball', ({ template, flags }) => {
  it('installs, type-checks, tests, evaluates and builds without a key, and leaves git clean', async () => {
    const cwd = mkdtempSync(join(inject('home'), `${template}-`))
    const printed = await mustRun(
      'node',
      [inject('bin'), 'new', template, 'demo', '--yes', '--verify', '--json', ...flags],
      cwd,
    )
    const { ok, result } = JSON.parse(printed)
    expect(ok).toBe(true)
    expect(
      result.checks.map(({ step, ok: passed }: { step: string; ok: boolean }) => [step, passed]),
    ).toEqual(['typecheck', 'test', 'eval', 'build'].map((step) => [step, true]))
    const project = join(cwd, 'demo')
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'dev', 'check', 'eval:bless']))
    expect((await mustRun('npm', ['query', INSTALL_SCRIPTS], project)).trim()).toBe('[]')
    expect(await mustRun('git', ['status', '--porcelain'], project)).toBe('')
    expect((await mustRun('git', ['log', '--oneline'], project)).trim().split('\n')).toHaveLength(1)
  })
})
