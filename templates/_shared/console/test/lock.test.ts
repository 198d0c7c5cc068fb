import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { InputError } from '#kit/console/errors'
import { takeLock } from '#kit/console/lock'
import { tryLock } from '#kit/console/owned-lock'

const MESSAGES = { taken: 'It is open elsewhere', hint: 'Close it there' }
const TOKEN = '00000000-0000-4000-8000-000000000000'
let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  path = join(folder, 'x.lock')
})

describe('a lock', () => {
  it('is held by one at a time, and leaves nothing behind', async () => {
    const release = await takeLock(path, MESSAGES)
    await expect(takeLock(path, MESSAGES)).rejects.toThrow(`It is open elsewhere (process ${process.pid})`)
    await release()
    await (await takeLock(path, MESSAGES))()
    expect(await readdir(folder)).toEqual([])
  })

  it('of a process that is gone is taken over', async () => {
    const { pid } = spawnSync('node', ['-e', '0'])
    await writeFile(path, `${pid} ${TOKEN} ${hostname()}`)
    await (await takeLock(path, MESSAGES))()
    expect(await readdir(folder)).toEqual([])
  })

  it('of an earlier process with the same number is taken over: in a container all are number 1', async () => {
    await writeFile(path, `${process.pid} ${TOKEN} ${hostname()}`)
    await (await takeLock(path, MESSAGES))()
  })

  it.each([
    ['another machine', `1 ${TOKEN} elsewhere`],
    ['an unknown process', 'garbage'],
    ['a living process', `${process.ppid} ${TOKEN} ${hostname()}`],
  ])('of %s is left alone', async (_, content) => {
    await writeFile(path, content)
    await expect(takeLock(path, MESSAGES)).rejects.toThrow(InputError)
    expect(await readFile(path, 'utf8')).toBe(content)
  })

  it.each([
    ['another machine', `1 ${TOKEN} elsewhere`],
    ['an unknown process', 'garbage'],
    ['a process that has the number of its owner', `${process.ppid} ${TOKEN} ${hostname()}`],
  ])('of %s is taken over when it is stale, if so asked', async (_, content) => {
    await writeFile(path, content)
    expect(await tryLock(path, { staleMs: 60_000 })).toMatchObject({ kind: 'taken' })
    await utimes(path, 0, 0)
    expect(await tryLock(path, { staleMs: 60_000 })).toMatchObject({ kind: 'held' })
    expect(await readdir(folder)).toEqual(['x.lock'])
  })

  it('of a process that is gone is taken over by one of many', async () => {
    const { pid } = spawnSync('node', ['-e', '0'])
    await writeFile(path, `${pid} ${TOKEN} ${hostname()}`)
    const attempts = await Promise.all(Array.from({ length: 20 }, () => tryLock(path)))
    expect(attempts.filter(({ kind }) => kind === 'held')).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['x.lock'])
  })
})
