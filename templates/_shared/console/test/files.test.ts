import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseJson, toJson } from '#kit/console/json'
import { createFile, replaceFile } from '#kit/console/replace-file'

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'files-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

describe('replacing a file', () => {
  it('makes its folder, takes its mode, and leaves nothing else', async () => {
    const directory = temporaryDirectory()
    const path = join(directory, 'a/b/secret.json')
    await replaceFile(path, 'old', { mode: 0o600 })
    await replaceFile(path, 'new', { mode: 0o600 })
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(directory, 'a/b'))).toEqual(['secret.json'])
  })

  it('that fails leaves what was there', async () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'taken'))
    writeFileSync(join(directory, 'taken/file'), 'old')
    await expect(replaceFile(join(directory, 'taken'), 'new')).rejects.toThrow()
    expect(readdirSync(directory)).toEqual(['taken'])
    expect(readFileSync(join(directory, 'taken/file'), 'utf8')).toBe('old')
  })

  it('by many at once leaves the whole text of one of them', async () => {
    const directory = temporaryDirectory()
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000))
    await Promise.all(texts.map((text) => replaceFile(join(directory, 'file'), text)))
    expect(texts).toContain(readFileSync(join(directory, 'file'), 'utf8'))
    expect(readdirSync(directory)).toEqual(['file'])
  })

  it('keeps its mode, unless told another', async () => {
    const path = join(temporaryDirectory(), 'file')
    writeFileSync(path, 'old')
    for (const [mode, options] of [
      [0o600, {}],
      [0o755, {}],
      [0o600, { mode: 0o600 }],
    ] as const) {
      if (!('mode' in options)) chmodSync(path, mode)
      await replaceFile(path, 'new', options)
      expect(statSync(path).mode & 0o777).toBe(mode)
    }
  })

  it('replaces a link, and not what it leads to', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'target'), 'old')
    symlinkSync('target', join(directory, 'link'))
    await replaceFile(join(directory, 'link'), 'new')
    expect(readFileSync(join(directory, 'target'), 'utf8')).toBe('old')
    expect(lstatSync(join(directory, 'link')).isFile()).toBe(true)
  })

  it('removes what a process that is gone left half-written, and no more', async () => {
    const directory = temporaryDirectory()
    const { pid } = spawnSync('node', ['-e', '0'])
    const host = hostname()
      .replaceAll(/[^\w-]/g, '-')
      .slice(0, 40)
    const others = [`.a.${host}.${process.ppid}.x1.tmp`, `.a.elsewhere.${pid}.x1.tmp`, '.mine.tmp']
    for (const name of [...others, `.a.${host}.${pid}.x1.tmp`]) writeFileSync(join(directory, name), 'half')
    await replaceFile(join(directory, 'file'), 'new')
    expect(readdirSync(directory).sort()).toEqual([...others, 'file'].sort())
  })
})

describe('creating a file', () => {
  it('is done by one of many, and the others leave it alone', async () => {
    const path = join(temporaryDirectory(), 'a/file')
    const created = await Promise.all(['1', '2', '3', '4'].map((text) => createFile(path, text)))
    expect(created.filter(Boolean)).toHaveLength(1)
    expect(readFileSync(path, 'utf8')).toBe(String(created.indexOf(true) + 1))
    expect(readdirSync(dirname(path))).toEqual(['file'])
  })
})

describe('JSON', () => {
  it('is one line without anything that a terminal obeys, and reads back as it was', () => {
    const value = { a: '\u001b[2J\u009b2J\u202e\u2028\n\u200b\u00ad\u3164\ufeff\u{e0041}', b: [1, null] }
    expect(toJson(value)).toMatch(/^[\u0020-\u007e]+$/)
    expect(parseJson(toJson(value))).toEqual(value)
    expect(parseJson(toJson(value, 2))).toEqual(value)
  })

  it('that is none is undefined', () => {
    expect(['', '{"a":', '{} {}'].map(parseJson)).toEqual([undefined, undefined, undefined])
  })
})
