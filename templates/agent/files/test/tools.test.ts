import { execFileSync } from 'node:child_process'
import { linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownTools } from '../src/tools/all.ts'
import { Incident } from '../src/tools/incident.ts'
import { matches, Toolbox } from '../src/tools/toolbox.ts'
import { FILES, folderOf } from './agent.ts'

async function toolsOver(files = FILES, data = folderOf({})) {
  const root = folderOf(files)
  const toolbox = new Toolbox(ownTools({ incident: await Incident.open(root), data }))
  const { signal } = new AbortController()
  const use = (name: string, input: unknown = {}, key = 'k'.repeat(32)) =>
    toolbox.find(name).prepare(input).run({ signal, key })
  return { root, use }
}

describe('read_file', () => {
  it('gives lines with their places, and says how many are left', async () => {
    const { use } = await toolsOver()
    expect(await use('read_file', { path: 'logs/api.log', from_line: 2, max_lines: 1 })).toBe(
      'logs/api.log:2: 2026-01-05T10:00:05Z ERROR api: cache is gone key=7\n1 more lines',
    )
    await expect(use('read_file', { path: 'logs/api.log', from_line: 9 })).rejects.toThrow('has 3 lines')
  })

  it('follows no link, reads no pipe, no binary, and does not wait', { timeout: 5_000 }, async () => {
    const { root, use } = await toolsOver()
    const outside = join(folderOf({ 'secret.md': 'secret' }), 'secret.md')
    symlinkSync(outside, join(root, 'link.md'))
    linkSync(outside, join(root, 'hard.md'))
    symlinkSync(join(outside, '..'), join(root, 'linked'))
    symlinkSync(join(root, 'loop.md'), join(root, 'loop.md'))
    execFileSync('mkfifo', [join(root, 'pipe.log')])
    writeFileSync(join(root, 'binary.log'), Buffer.from([0, 1, 2, 255]))
    for (const path of [
      'link.md',
      'hard.md',
      'linked/secret.md',
      'loop.md',
      'pipe.log',
      'binary.log',
      'LOGS/API.LOG',
    ])
      await expect(use('read_file', { path })).rejects.toThrow('cannot be read')
    expect(await use('list_files')).not.toMatch(/link|hard|loop|pipe/)
    expect(await use('search_files', { text: 'secret' })).toBe('matches: 0')
  })

  it('reads one file alone when the incident is one', async () => {
    const root = folderOf({ 'a.md': 'one', 'b.md': 'two' })
    const incident = await Incident.open(join(root, 'a.md'))
    const { signal } = new AbortController()
    expect(await incident.list(signal)).toEqual(['a.md'])
    await expect(incident.lines('b.md', signal)).rejects.toThrow('the only file here is a.md')
  })
})

describe('summarise_errors', () => {
  it('counts errors, groups messages that differ in numbers and ids, and names the service', async () => {
    const { use } = await toolsOver()
    const text = await use('summarise_errors')
    for (const line of [
      'errors: 2 of 3 lines',
      'error share: 66.7',
      'failing service: api',
      'top error: cache is gone',
    ])
      expect(text.split('\n')).toContain(line)
    expect(text).toContain('2 times: logs/api.log:2: ')
  })

  it('says so when there is nothing to count', async () => {
    const { use } = await toolsOver({ 'notes.md': 'no log' })
    await expect(use('summarise_errors')).rejects.toThrow('not logs that can be counted')
  })
})

describe('look_up_service', () => {
  it('knows who needs whom, and names what there is when there is no such service', async () => {
    const services = [
      { name: 'web', owner: 'a', tier: 1, dependsOn: ['db'] },
      { name: 'db', owner: 'b', tier: 2 },
    ]
    const { use } = await toolsOver({ 'services.json': JSON.stringify(services) })
    expect(await use('look_up_service', { name: 'DB' })).toContain('needed by: web')
    await expect(use('look_up_service', { name: 'x' })).rejects.toThrow('There are: web, db')
  })

  it('says what is wrong with a catalogue that is none', async () => {
    const { use } = await toolsOver({ 'services.json': '{"name": 1}' })
    await expect(use('look_up_service', { name: 'x' })).rejects.toThrow('not a catalogue')
  })
})

it.each([
  [1, 50, 'sev1'],
  [1, 10, 'sev2'],
  [1, 1, 'sev3'],
  [2, 50, 'sev2'],
  [3, 1, 'sev4'],
])('tier %i with %i %% of errors is %s', async (tier, error_share, severity) => {
  const { use } = await toolsOver()
  expect(await use('suggest_severity', { tier, error_share })).toBe(`severity: ${severity}`)
})

it('a star in a pattern is any text, and nothing else is special', () => {
  expect(matches('docs__*', 'docs__search')).toBe(true)
  expect(matches('*', '')).toBe(true)
  expect(matches('a.c', 'abc')).toBe(false)
  expect(matches('read', 'read_file')).toBe(false)
})
