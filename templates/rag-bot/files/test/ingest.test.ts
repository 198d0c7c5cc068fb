import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Ingested } from '#kit/bot/contract'
import { InputError } from '#kit/console/errors'
import { listDocuments } from '#kit/documents/list-documents'
import { openEmbedder } from '#kit/embeddings/open'
import { openMemoryStore } from '#kit/store/memory'
import type { Store } from '#kit/store/store'
import { HASHED_DIMENSIONS, hashToVector } from '../src/hashed-vector.ts'
import { ingest } from '../src/ingest.ts'

let docs: string
let store: Store
const { signal } = new AbortController()

beforeEach(async () => {
  docs = await mkdtemp(join(tmpdir(), 'docs-'))
  onTestFinished(() => rm(docs, { recursive: true }))
  store = openMemoryStore({ model: 'hashed', dimensions: HASHED_DIMENSIONS })
})

async function write(files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(docs, name)), { recursive: true })
    await writeFile(join(docs, name), content)
  }
}

async function run(
  more: { chunkSize?: { maxTokens: number; overlapTokens: number } } = {},
): Promise<Ingested> {
  const embedder = await openEmbedder({ env: {}, hashed: hashToVector })
  return ingest(await listDocuments(docs, signal), { store, embedder, signal, onProgress: () => {}, ...more })
}

async function indexedNames(): Promise<string[]> {
  return [...(await store.documents()).keys()].sort()
}

describe('ingest', () => {
  it('makes the index an image of the folder, front matter and headings included', async () => {
    await write({
      'a.md': '---\ntitle: Alpha\nowner: ops\n---\n# One\n\nThe first alpha page.',
      'sub/b.txt': 'Plain beta text.',
    })
    expect(await run()).toEqual({ indexed: 2, unchanged: 0, removed: 0, chunks: 2, skipped: [] })
    const [hit] = await store.lexical(['alpha'], { limit: 1 })
    expect(hit?.chunk).toMatchObject({
      document: 'a.md',
      title: 'Alpha',
      headings: ['One'],
      metadata: { owner: 'ops' },
    })
  })

  it('does again only what has changed, and takes away what is gone', async () => {
    await write({ 'a.md': '# A\n\nalpha', 'b.md': '# B\n\nbeta', 'c.md': '# C\n\ngamma' })
    await run()
    await write({ 'b.md': '# B\n\nbeta, changed' })
    await rm(join(docs, 'c.md'))
    expect(await run()).toMatchObject({ indexed: 1, unchanged: 1, removed: 1 })
    expect(await indexedNames()).toEqual(['a.md', 'b.md'])
  })

  it('does everything again when documents are cut in another way', async () => {
    await write({ 'a.md': '# A\n\nalpha' })
    await run()
    expect(await run({ chunkSize: { maxTokens: 64, overlapTokens: 0 } })).toMatchObject({
      indexed: 1,
      unchanged: 0,
    })
  })

  it('lists what it cannot read, goes on, and keeps what was indexed of it before', async () => {
    await write({ 'a.md': '# A\n\nalpha', 'b.md': '# B\n\nbeta' })
    await run()
    await write({ 'b.md': Buffer.from([0xff, 0xfe, 0, 1]), 'c.md': '# C\n\ngamma' })
    const { indexed, removed, skipped } = await run()
    expect([indexed, removed]).toEqual([1, 0])
    expect(skipped).toEqual([expect.stringMatching(/^b\.md: /)])
    expect(await indexedNames()).toEqual(['a.md', 'b.md', 'c.md'])
  })

  it('refuses a folder that has nothing of what is indexed, so that a mistyped path empties nothing', async () => {
    await write({ 'a.md': '# A\n\nalpha' })
    await run()
    await rm(join(docs, 'a.md'))
    await write({ 'other.md': '# Other\n\nomega' })
    await expect(run()).rejects.toThrow(InputError)
    expect(await indexedNames()).toEqual(['a.md'])
  })

  it('refuses a folder that would take most of the index away, and takes nothing away for a single file', async () => {
    await write({ 'README.md': '# A\n\nalpha', 'b.md': '# B\n\nbeta', 'c.md': '# C\n\ngamma' })
    await run()
    const embedder = await openEmbedder({ env: {}, hashed: hashToVector })
    const one = await listDocuments(join(docs, 'b.md'), signal)
    expect(await ingest(one, { store, embedder, signal, onProgress: () => {} })).toMatchObject({ removed: 0 })
    await rm(join(docs, 'b.md'))
    await rm(join(docs, 'c.md'))
    await expect(run()).rejects.toThrow('2 of the 3 documents in memory are not in this folder (b.md, c.md)')
    expect(await indexedNames()).toHaveLength(3)
  })

  it('keeps what became a link, which is there and is not read', async () => {
    await write({ 'a.md': '# A\n\nalpha', 'b.md': '# B\n\nbeta' })
    await run()
    await rm(join(docs, 'b.md'))
    await symlink(join(docs, 'a.md'), join(docs, 'b.md'))
    expect(await run()).toMatchObject({ removed: 0, skipped: [expect.stringMatching(/^b\.md: /)] })
    expect(await indexedNames()).toEqual(['a.md', 'b.md'])
  })

  it('refuses a folder without documents', async () => {
    await expect(run()).rejects.toThrow(/holds no documents/)
  })

  it('tells how far it is after every document', async () => {
    await write(
      Object.fromEntries(
        Array.from({ length: 9 }, (_, index) => [`${index}.md`, `# ${index}\n\ntext ${index}`]),
      ),
    )
    const told: string[] = []
    const embedder = await openEmbedder({ env: {}, hashed: hashToVector })
    const onProgress = ({ done, total, name }: { done: number; total: number; name: string }) =>
      told.push(`${done}/${total} ${name}`)
    await ingest(await listDocuments(docs, signal), { store, embedder, signal, onProgress })
    expect(told).toEqual(Array.from({ length: 9 }, (_, index) => `${index + 1}/9 ${index}.md`))
  })

  it('stops when it is told to, with whole documents only', async () => {
    await write(
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.md`, `# ${index}\n\ntext`])),
    )
    const stop = new AbortController()
    const embedder = await openEmbedder({ env: {}, hashed: hashToVector })
    const onProgress = ({ done }: { done: number }) => done === 5 && stop.abort(new Error('stopped'))
    const work = ingest(await listDocuments(docs, signal), {
      store,
      embedder,
      signal: stop.signal,
      onProgress,
    })
    await expect(work).rejects.toThrow('stopped')
    expect(await run()).toMatchObject({ removed: 0 })
    expect(await indexedNames()).toHaveLength(30)
  })
})
