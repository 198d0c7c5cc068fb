import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { listItems } from '#kit/command/items'
import type { Io } from '#kit/console/process'

it('A folder of documents brings each as its reader sees it, and counts links and other formats', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'items-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'in'))
  mkdirSync(join(folder, 'elsewhere'))
  writeFileSync(join(folder, 'in/a.html'), '<p>Fee: 12 &euro;</p>')
  writeFileSync(join(folder, 'in/b.docx'), 'x')
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'in/c'))
  symlinkSync(join(folder, 'in/a.html'), join(folder, 'in/d.html'))
  const stderr = new PassThrough()
  const io = { stdin: new PassThrough(), stderr, signal: new AbortController().signal } as unknown as Io
  const [item, ...others] = await listItems([join(folder, 'in')], io)
  expect(others).toEqual([])
  expect((await item?.read())?.text).toBe('Fee: 12 €')
  expect(String(stderr.read())).toBe(
    'not read: 1 .docx, 1 linked file, 1 linked folder (pandoc converts .docx)\n',
  )
})
