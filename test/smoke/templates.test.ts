import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { covers } from '../packed/covers.ts'
import { mustRun } from '../packed/generated.ts'
import { defaults, first, others } from '../packed/templates.ts'
import { nodeDirectory } from './nodes.ts'

const onOtherNodes = [22, 24].flatMap((major) => defaults.map((variant) => ({ ...variant, major })))

// The first template on this Node is covered by `npm test`.
const onThisNode = [...defaults.filter(({ label }) => label !== first.label), ...others]

describe.each(onThisNode)('$label', (variant) => {
  covers(variant, () => Promise.resolve(undefined))
})

describe.each(onOtherNodes)('$label on Node $major', ({ major, ...variant }) => {
  covers(variant, () => nodeDirectory(major))
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
    ['typecheck', 'test', 'eval:offline', 'build'].map((step) => [step, true]),
  )
  expect(await mustRun('git', ['status', '--porcelain'], join(cwd, 'demo'))).toBe('')
})
