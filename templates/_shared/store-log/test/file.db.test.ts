import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openStore } from '#kit/store/open'
import { setUpProgram, until } from '#kit/testing/program'
import { EMBEDDING, idsOf, PATIENT, sample } from '../../store/test/samples.ts'
import { describeKills, otherProcess } from './killing.ts'

setUpProgram() // builds what the child processes import
const base = mkdtempSync(join(tmpdir(), 'store-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const open = (directory: string) => openStore({ env: {}, directory, embedding: EMBEDDING })
const newIndex = () => join(mkdtempSync(join(base, 'index-')), 'index')

async function filled(): Promise<string> {
  const directory = newIndex()
  const store = await open(directory)
  await store.replaceDocuments([sample('a.md', ['first word'])])
  await store.replaceDocuments([sample('b.md', ['second word'])])
  await store.close()
  return directory
}

describeKills('a process with an index in a file', () => ({ env: {}, directory: join(base, 'killed') }))

describe('an index in a file', PATIENT, () => {
  it('is for one process at a time, whatever name it has', async () => {
    const directory = newIndex()
    const { child, output } = otherProcess(
      { env: {}, directory },
      `say('open'); setInterval(() => {}, 1_000)`,
    )
    await until(() => output.text.includes('open'))
    const alias = join(base, 'alias')
    symlinkSync(directory, alias)
    for (const path of [directory, alias])
      await expect(open(path)).rejects.toMatchObject({
        name: 'StoreError',
        message: `This index is open in another process (process ${child.pid})`,
        hint: expect.stringContaining('.env.example'),
      })
    child.kill('SIGKILL')
    await once(child, 'close')
    await (await open(directory)).close()
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(existsSync(`${directory}.lock`)).toBe(false)
  })

  it('loses nothing to a torn last line, wherever it is torn', async () => {
    const directory = await filled()
    const file = join(directory, 'records.jsonl')
    const content = readFileSync(file)
    const lastLine = content.lastIndexOf('\n', content.length - 2) + 1
    for (const end of [content.length - 1, lastLine + 20, lastLine + 1]) {
      writeFileSync(file, content)
      truncateSync(file, end)
      const store = await open(directory)
      // The last line is the head: without it, its segment was never committed.
      expect([...(await store.documents()).keys()]).toEqual(['a.md'])
      await store.replaceDocuments([sample('c.md', ['third word'])])
      await store.close()
      const again = await open(directory)
      expect(idsOf(await again.lexical(['word'], { limit: 9 }))).toEqual(['a.md#0000', 'c.md#0000'])
      await again.close()
    }
  })

  it('says in which line it is damaged', async () => {
    const directory = await filled()
    const file = join(directory, 'records.jsonl')
    const lines = readFileSync(file, 'utf8').split('\n')
    for (const damage of ['', 'nonsense', '{"kind":"other"}']) {
      writeFileSync(file, lines.with(2, damage).join('\n'))
      await expect(open(directory)).rejects.toMatchObject({
        name: 'StoreError',
        message: `The index in ${directory} is damaged in line 3`,
        hint: `Remove ${directory} and ingest again.`,
      })
    }
    expect(existsSync(`${directory}.lock`)).toBe(false)
  })

  it('does not grow with every change', async () => {
    const directory = await filled()
    const store = await open(directory)
    for (let round = 0; round < 60; round++)
      await store.replaceDocuments([sample('a.md', [`round ${round}`])])
    await store.optimise()
    expect(readFileSync(join(directory, 'records.jsonl'), 'utf8').split('\n').length).toBeLessThan(12)
    await store.close()
    const again = await open(directory)
    expect(idsOf(await again.lexical(['59', 'word'], { limit: 9 })).sort()).toEqual([
      'a.md#0000',
      'b.md#0000',
    ])
    await again.close()
  })

  it('is not made where something else is', async () => {
    const other = mkdtempSync(join(base, 'other-'))
    writeFileSync(join(other, 'thesis.txt'), 'text')
    const old = newIndex()
    mkdirSync(old)
    appendFileSync(join(old, 'records.jsonl'), '{"rag-index":9}\n')
    for (const [path, reason] of [
      [other, 'has files in it and is not an index of this program (thesis.txt)'],
      [join(other, 'thesis.txt'), 'EEXIST'],
      [join(other, 'thesis.txt/index'), 'ENOTDIR'],
      [old, 'is not in the format of this program'],
    ] as const)
      await expect(open(path)).rejects.toMatchObject({
        name: 'StoreError',
        message: expect.stringContaining(reason),
      })
    expect(readFileSync(join(other, 'thesis.txt'), 'utf8')).toBe('text')
  })
})
