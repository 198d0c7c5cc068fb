import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { listDocuments } from '#kit/documents/list-documents'
import { documentFolder } from './reading.ts'

const { directory, remove } = documentFolder()
afterAll(remove)

const { signal } = new AbortController()

it('A folder lists what is read, README included, and counts the rest and linked folders in one line', async () => {
  for (const folder of ['docs/more', 'elsewhere', 'bare'])
    mkdirSync(join(directory, folder), { recursive: true })
  for (const name of ['README', 'a.rst', 'b.eml', 'c.DOCX', 'd.docx', 'LICENSE', 'more/e.csv', 'more/f.xyz'])
    writeFileSync(join(directory, 'docs', name), 'text')
  writeFileSync(join(directory, 'bare/only.pptx'), 'text')
  symlinkSync(join(directory, 'elsewhere'), join(directory, 'docs/linked.md'))
  const { names, unread } = await listDocuments(join(directory, 'docs'), signal)
  expect(names).toEqual(['README', 'a.rst', 'b.eml', 'more/e.csv'])
  expect(unread).toBe(
    'not read: 2 .docx, 1 .xyz, 1 without an ending, 1 linked folder (pandoc converts .docx)',
  )
  await expect(listDocuments(join(directory, 'bare'), signal)).rejects.toThrow(
    'bare holds no documents; not read: 1 .pptx (soffice converts .pptx)',
  )
})
