import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { listDocuments } from '#kit/documents/list-documents'
import { listIngested } from '#kit/terminal/ingested'

const { signal } = new AbortController()

async function makeFolder(files: Record<string, string>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'ingested-')))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

const readList = async (repo: string) => JSON.parse(await readFile(join(repo, '.data/ingested.json'), 'utf8'))

it('lists where each indexed document is; another folder replaces the list, a single file is added', async () => {
  const repo = await makeFolder({})
  const work = await makeFolder({ 'a.md': 'a', 'sub/b.md': 'b' })
  const other = await makeFolder({ 'c.md': 'c', 'd.md': 'd' })
  await listIngested(repo, await listDocuments(work, signal))
  expect(await readList(repo)).toEqual({
    schema: 'ingested.v1',
    documents: { 'a.md': join(work, 'a.md'), 'sub/b.md': join(work, 'sub/b.md') },
  })
  await listIngested(repo, await listDocuments(join(other, 'c.md'), signal))
  expect(Object.keys((await readList(repo)).documents)).toEqual(['a.md', 'sub/b.md', 'c.md'])
  await listIngested(repo, await listDocuments(other, signal))
  expect(Object.keys((await readList(repo)).documents)).toEqual(['c.md', 'd.md'])
})

it('starts again from a list that was cut off', async () => {
  const work = await makeFolder({ 'a.md': 'a' })
  const repo = await makeFolder({ '.data/ingested.json': '{"schema":"ing' })
  await listIngested(repo, await listDocuments(join(work, 'a.md'), signal))
  expect(await readList(repo)).toMatchObject({ documents: { 'a.md': join(work, 'a.md') } })
})
