import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ShownStep } from '../../src/commands/status.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli } from './run.ts'

async function run(cwd: string, ...args: string[]) {
  const { code, stdout } = await cli([...args, '--json'], { cwd })
  return { code, ...JSON.parse(stdout) }
}

async function stepOf(cwd: string, id: string): Promise<ShownStep | undefined> {
  const { result } = await run(cwd, 'status')
  const steps = result.milestones.flatMap((milestone: { steps: ShownStep[] }) => milestone.steps)
  return steps.find((step: ShownStep) => step.id === id)
}

const REASON = ['--reason', 'did this at work last year']

describe('skip', () => {
  it('of a step takes it off the road, of all of its gates, and unskip brings it back', async () => {
    const cwd = temporaryDirectory()
    const { code, result } = await run(cwd, 'skip', 'summariser', ...REASON)
    expect({ code, first: result.gates[0] }).toEqual({ code: 0, first: 'summariser/built' })
    expect(await stepOf(cwd, 'summariser')).toMatchObject({
      status: 'skipped',
      met: 0,
      required: 0,
      waived: 7,
    })
    expect((await run(cwd, 'next', '--dry-run', '--yes')).result.project).toMatchObject({
      template: 'extractor',
    })
    expect((await run(cwd, 'unskip', 'summariser')).result.gates).toEqual(result.gates)
    expect(await stepOf(cwd, 'summariser')).toMatchObject({ status: 'open', required: 7, waived: 0 })
  })

  it('of one gate leaves both sides of the count, lets those that wait for it go on, and shows the reason', async () => {
    const cwd = temporaryDirectory()
    await cli(['new', 'summariser', 'notes', '--yes', '--no-install', '--no-git'], { cwd })
    await run(cwd, 'skip', 'own-documents', ...REASON)
    await run(cwd, 'skip', 'own-documents', '--reason', 'a better reason')
    const step = await stepOf(cwd, 'summariser')
    expect(step).toMatchObject({ status: 'open', met: 0, required: 6, waived: 1 })
    expect(step?.gates.slice(1, 3)).toMatchObject([
      { status: 'waived', found: 'skipped: a better reason' },
      { id: 'own-cases', status: 'unknown' },
    ])
    const { stdout } = await cli(['status'], { cwd })
    expect(stdout).toContain('  skipped  own-documents  a better reason\n')
  })

  it('of every step leaves nothing to check, which is no failure', async () => {
    const cwd = temporaryDirectory()
    await cli(['new', 'summariser', 'notes', '--yes', '--no-install', '--no-git'], { cwd })
    const { result } = await run(cwd, 'status')
    for (const { steps } of result.milestones)
      for (const { id } of steps) await run(cwd, 'skip', id, ...REASON)
    const { code, stdout } = await cli(['check'], { cwd })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Nothing to check: every gate passes or is skipped, and no file has changed since.\n',
    })
  })

  it.each([
    [['skip', 'own-cases'], /reason/i],
    [['skip', 'own-cases', '--reason', ' '], /needs a reason/],
    [['skip', 'own-cases', '--reason', 'x'.repeat(301)], /longer than 300/],
    [['skip', 'own-case', ...REASON], /Did you mean own-cases/],
    [['unskip', 'own-cases'], /not skipped/],
  ])('refuses %j and writes nothing', async (args, message) => {
    const cwd = temporaryDirectory()
    const { code, stdout, stderr } = await cli(args, { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(snapshot(cwd)).toEqual({})
  })

  it('leaves settings that cannot be read as they are', async () => {
    const cwd = temporaryDirectory()
    writeFileSync(join(cwd, 'ai-eng.json'), '{"schemaVersion":1,')
    const before = snapshot(cwd)
    expect((await run(cwd, 'skip', 'm1', ...REASON)).code).toBe(4)
    expect(snapshot(cwd)).toEqual(before)
  })
})
