import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withLock } from '../../src/io/state/lock.ts'
import { updateSettings, writeEvidence } from '../../src/io/state/write.ts'
import { temporaryDirectory } from '../temporary.ts'

const WRITE = new URL('../../.build/src/io/state/write.js', import.meta.url).href
const evidence = {
  schemaVersion: 1,
  gate: 'measured',
  gateHash: 'abc',
  result: 'passed',
  at: '2026-11-25T08:00:00.000Z',
  commit: null,
  dirty: null,
  inputs: '',
  found: 'x',
  env: { cli: '0', node: '0', ci: false },
  data: {},
} as const

/** Counts one number up, and keeps a key of its own for each time. */
const WORKER = `
import { updateSettings } from ${JSON.stringify(WRITE)}
const [directory, name, times] = process.argv.slice(1)
for (let turn = 0; turn < Number(times); turn++)
  await updateSettings(directory, (settings) => {
    const total = String(Number(settings.vars.total ?? 0) + 1)
    return { ...settings, vars: { ...settings.vars, total, [name + turn]: total } }
  })
`

function worker(directory: string, name: string, times: number) {
  const args = ['--input-type=module', '-e', WORKER, directory, name, String(times)]
  return spawn(process.execPath, args, { stdio: 'inherit' })
}

it('loses no update of 8 processes that write 25 times each', async () => {
  const directory = temporaryDirectory()
  const codes = await Promise.all(
    Array.from({ length: 8 }, (_, index) => {
      const child = worker(directory, `p${index}-`, 25)
      return new Promise((resolve) => child.on('exit', resolve))
    }),
  )
  expect(codes).toEqual(Array(8).fill(0))
  const { vars } = JSON.parse(readFileSync(join(directory, 'ai-eng.json'), 'utf8'))
  expect(vars.total).toBe('200')
  expect(Object.keys(vars)).toHaveLength(201)
  expect(readdirSync(directory)).toEqual(['ai-eng.json'])
}, 60_000)

it('takes over from a process that was killed while it wrote, and removes what it left', async () => {
  const directory = temporaryDirectory()
  const child = worker(directory, 'killed', 100_000)
  while (!existsSync(join(directory, 'ai-eng.json'))) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.on('exit', resolve))
  const settings = await updateSettings(directory, (now) => ({ ...now, vars: { ...now.vars, after: 'yes' } }))
  expect(settings.vars['after']).toBe('yes')
  expect(Number(settings.vars['total'])).toBeGreaterThan(0)
  expect(readdirSync(directory)).toEqual(['ai-eng.json'])
})

it('takes over a lock whose owner is gone, and gives it back after an error', async () => {
  const lock = join(temporaryDirectory(), '.lock')
  writeFileSync(lock, `999999999 00000000-0000-4000-8000-000000000000 ${hostname()}`)
  await expect(withLock(lock, () => Promise.reject(new Error('work failed')))).rejects.toThrow('work failed')
  expect(await withLock(lock, () => 'free again')).toBe('free again')
})

it('leaves broken settings as they are', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'ai-eng.json'), '{"schemaVersion":1,"vars":{')
  await expect(updateSettings(directory, (settings) => settings)).rejects.toThrow(
    /not valid JSON. Nothing was changed/,
  )
  expect(readFileSync(join(directory, 'ai-eng.json'), 'utf8')).toBe('{"schemaVersion":1,"vars":{')
  expect(readdirSync(directory)).toEqual(['ai-eng.json'])
})

it('writes a record beside another of the same moment', async () => {
  const directory = temporaryDirectory()
  const written = await Promise.all([1, 2, 3].map(() => writeEvidence(directory, evidence)))
  const paths = written.map(({ path }) => path)
  expect(new Set(paths).size).toBe(3)
  for (const path of paths)
    expect(JSON.parse(readFileSync(join(directory, path), 'utf8')).gate).toBe('measured')
})
