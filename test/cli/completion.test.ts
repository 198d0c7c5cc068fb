import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.ts'
import { cli } from './run.ts'

describe('complete', () => {
  const values = async (...words: string[]) => {
    const { stdout } = await cli(['complete', '--json', '--', ...words], { cwd: temporaryDirectory() })
    return JSON.parse(stdout).result.values as string[]
  }

  it('knows every verb but itself', async () => {
    const { stdout } = await cli(['--help'], { cwd: temporaryDirectory() })
    const listed = [...stdout.matchAll(/^ {2}(\w+)(?: \[options\]| {2})/gm)].map(([, verb]) => verb)
    expect(listed.length).toBeGreaterThan(10)
    expect((await values('')).sort()).toEqual(listed.filter((verb) => verb !== 'help').sort())
  })

  it('offers values where only some are valid, and none where any text is', async () => {
    expect(await values('new', 'x', '--pm', '')).toEqual(['npm', 'pnpm', 'yarn', 'bun'])
    expect(await values('start', '--at', '')).toEqual(['m1', 'm2', 'm3'])
    expect(await values('set', 'deploy')).toEqual(['deployUrl', 'deployProject'])
    expect(await values('skip', 'm')).toEqual(expect.arrayContaining(['m1', 'mcp-server']))
    expect(await values('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(await values('new', '--name', '')).toEqual([])
    expect(await values('next', '')).toEqual([])
  })

  it('is not taken for JSON output by a --json on the line that it completes', async () => {
    const { stdout } = await cli(['complete', '--', 'new', '--json', 'summ'], { cwd: temporaryDirectory() })
    expect(stdout).toBe('summariser\tSummariser\n:4\n')
  })
})

describe('completion', () => {
  it('refuses a shell that it has no script for', async () => {
    const { code, stderr } = await cli(['completion', 'tcsh'], { cwd: temporaryDirectory() })
    expect(code).toBe(2)
    expect(stderr).toContain('Shells: bash, zsh, fish')
  })
})
