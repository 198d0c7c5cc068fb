import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { PlannedFile } from '../../src/core/plan.ts'
import { recover, writeInto } from '../../src/io/write-into.ts'
import { writeNew } from '../../src/io/write-new.ts'
import { cli } from '../cli/run.ts'
import { temporaryDirectory } from '../temporary.ts'

const WORK = '.ai-eng-starter-work'
const plan = (files: Record<string, string>): PlannedFile[] =>
  Object.entries(files).map(([path, text]) => ({ path, from: ['test'], content: Buffer.from(text) }))
const options = (force: boolean) => ({ signal: new AbortController().signal, now: new Date(0), force })

describe('two runs into one directory', () => {
  it('end with one success and one whole tree, never a mixture', { timeout: 120_000 }, async () => {
    for (const delay of [0, 20, 60, 120]) {
      const cwd = temporaryDirectory()
      mkdirSync(join(cwd, 'app/.git'), { recursive: true })
      const run = (template: string) =>
        cli(['new', template, 'app', '--yes', '--no-install', '--no-git'], { cwd })
      const first = run('summariser')
      await setTimeout(delay)
      const ended = await Promise.all([first, run('extractor')])
      expect(ended.map(({ code }) => code).sort()).toEqual([0, 1])
      const project = JSON.parse(readFileSync(join(cwd, 'app/.ai-eng/project.json'), 'utf8'))
      expect(project.template).toBe(ended[0]?.code === 0 ? 'summariser' : 'extractor')
      const known = new Set([
        '.git',
        '.ai-eng/project.json',
        ...Object.keys({ ...project.files, ...project.rendered }),
      ])
      const written = readdirSync(join(cwd, 'app'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(cwd, 'app'), join(entry.parentPath, entry.name)))
      expect(written.filter((path) => !known.has(path))).toEqual([])
      expect(written).toHaveLength(known.size - 1)
    }
  })

  it('replace no file that appeared after the look, without --force', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'README.md'), 'mine')
    await expect(writeInto(directory, plan({ 'README.md': 'ours' }), options(false))).rejects.toThrow(
      'is not empty',
    )
    expect(readFileSync(join(directory, 'README.md'), 'utf8')).toBe('mine')
    expect(readdirSync(directory)).toEqual(['README.md'])
  })

  it('remove what a run prepared that was killed before it held the lock', async () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, `${WORK}.999999999/new`), { recursive: true })
    await writeInto(directory, plan({ 'a.md': 'one' }), options(false))
    expect(readdirSync(directory)).toEqual(['a.md'])
  })
})

describe('a run on another machine, such as a container with process ids of its own', () => {
  const OTHER = '999999999-0badcafe'
  const HOUR_AGO = Date.now() / 1000 - 3600

  it('keeps its lock, its prepared folder and its staging folder', async () => {
    const parent = temporaryDirectory()
    const directory = join(parent, 'app')
    mkdirSync(join(directory, WORK), { recursive: true })
    writeFileSync(join(directory, WORK, 'owner'), OTHER)
    mkdirSync(join(directory, `${WORK}.${OTHER}`))
    mkdirSync(join(parent, `.other.staging-${OTHER}-1`))
    await expect(writeInto(directory, plan({ 'a.md': 'one' }), options(false))).rejects.toThrow('Another run')
    await writeNew(join(parent, 'other'), plan({ 'a.md': 'one' }), options(false).signal)
    expect(readdirSync(directory).sort()).toEqual([WORK, `${WORK}.${OTHER}`])
    expect(readdirSync(parent).sort()).toEqual([`.other.staging-${OTHER}-1`, 'app', 'other'])
  })

  it('loses them when they have not been touched for long', async () => {
    const parent = temporaryDirectory()
    const directory = join(parent, 'app')
    mkdirSync(join(directory, WORK), { recursive: true })
    writeFileSync(join(directory, WORK, 'owner'), OTHER)
    mkdirSync(join(directory, `${WORK}.${OTHER}`))
    mkdirSync(join(parent, `.other.staging-${OTHER}-1`))
    for (const path of [`app/${WORK}`, `app/${WORK}.${OTHER}`, `.other.staging-${OTHER}-1`])
      utimesSync(join(parent, path), HOUR_AGO, HOUR_AGO)
    await writeInto(directory, plan({ 'a.md': 'one' }), options(false))
    await writeNew(join(parent, 'other'), plan({ 'a.md': 'one' }), options(false).signal)
    expect(readdirSync(directory)).toEqual(['a.md'])
    expect(readdirSync(parent).sort()).toEqual(['app', 'other'])
  })
})

describe('a run that was killed while it made its backup', () => {
  /** As such a run leaves it: a file that is the same as the new one, and a backup that is not there or cut. */
  function leaveBehind(backup?: string): string {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, WORK, 'new'), { recursive: true })
    writeFileSync(join(directory, 'a.md'), 'same')
    const sha256 = '0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5'
    const journal = { created: [], replaced: [{ path: 'a.md', sha256 }], directories: [], backup: 'kept' }
    writeFileSync(join(directory, WORK, 'journal.json'), JSON.stringify({ ...journal, isBackedUp: false }))
    if (backup !== undefined) {
      mkdirSync(join(directory, 'kept'))
      writeFileSync(join(directory, 'kept/a.md'), backup)
    }
    return directory
  }

  it.each([[undefined], ['sa']])('is undone by the next run, with every file whole: %s', async (backup) => {
    const directory = leaveBehind(backup)
    await recover(directory)
    expect(readdirSync(directory)).toEqual(['a.md'])
    expect(readFileSync(join(directory, 'a.md'), 'utf8')).toBe('same')
  })
})

it.skipIf(process.getuid?.() === 0)('leaves no work folder when a file cannot be read', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'a.md'), 'mine')
  chmodSync(join(directory, 'a.md'), 0)
  await expect(writeInto(directory, plan({ 'a.md': 'ours' }), options(true))).rejects.toThrow(
    'permission denied',
  )
  expect(existsSync(join(directory, WORK))).toBe(false)
})
