import { describe, expect, it } from 'vitest'
import { formatNoteUri, parseNoteUri } from '../src/notes/uri.ts'
import { connected, ERAS } from './clients.ts'
import { listDraws } from './random.ts'

const MANY = Object.fromEntries(
  Array.from({ length: 120 }, (_, n) => [`n${String(n).padStart(3, '0')}.md`, `note ${n}`]),
)

describe('the URI of a note', () => {
  it('is its name below notes://folder/, and leads back to it', () => {
    expect(formatNoteUri('deploy.md')).toBe('notes://folder/deploy.md')
    expect(parseNoteUri('notes://folder/deploy.md')).toBe('deploy.md')
  })

  it('escapes what has a meaning in a URI, but not the slashes between folders', () => {
    expect(formatNoteUri('team/what & why, 100% #1?.md')).toBe(
      'notes://folder/team/what%20%26%20why%2C%20100%25%20%231%3F.md',
    )
    expect(parseNoteUri('notes://folder/team/100%25%20%231%3F.md')).toBe('team/100% #1?.md')
  })

  it('is no other URI: of those there is no name', () => {
    const others = [
      'notes://folder/',
      'notes://elsewhere/a.md',
      'file:///a.md',
      'xnotes://folder/a.md',
      'notes://folder/%ff.md',
    ]
    expect(others.map((uri) => parseNoteUri(uri))).toEqual(others.map(() => undefined))
  })

  it('leads back to any name', () => {
    for (const { seed, number, text } of listDraws(200)) {
      const name = `${text('aü €%/?#&+:.🚒', 1 + number(20))}.md`
      expect(parseNoteUri(formatNoteUri(name)), seed).toBe(name)
      expect(formatNoteUri(name).slice('notes://folder/'.length), seed).not.toMatch(
        /[ü€ ?#&+:]|%(?![0-9A-F]{2})/,
      )
    }
  })
})

// A client waits long for a result that is no result.
describe('notes as resources', { timeout: 5_000 }, () => {
  it('are listed with their URI, type and size', async () => {
    for (const era of ERAS) {
      const { client } = await connected(era, { files: { 'team/a b.md': 'four' } })
      expect((await client.listResources()).resources).toEqual([
        { uri: 'notes://folder/team/a%20b.md', name: 'team/a b.md', mimeType: 'text/markdown', size: 4 },
      ])
    }
  })

  it('are read by the URI that the list gives, whatever is in a name', async () => {
    for (const era of ERAS) {
      const { client } = await connected(era, { files: { 'team/what & why, 100% #1 ü?.md': 'the text' } })
      const uri = (await client.listResources()).resources[0]?.uri ?? ''
      const { contents } = await client.readResource({ uri })
      expect(contents).toEqual([{ uri, mimeType: 'text/markdown', text: 'the text' }])
    }
  })

  it('are listed in pages of 100, each note once', async () => {
    for (const era of ERAS) {
      const { client } = await connected(era, { files: MANY })
      const pages: string[][] = []
      let cursor: string | undefined
      do {
        const params = cursor === undefined ? {} : { cursor }
        const page = await client.request({ method: 'resources/list', params })
        pages.push(page.resources.map(({ name }) => name))
        cursor = page.nextCursor
      } while (cursor !== undefined && pages.length < 9)
      expect(pages.map(({ length }) => length)).toEqual([100, 20])
      expect(pages.flat()).toEqual(Object.keys(MANY))
    }
  })

  it('are refused as an error of the client for an unknown cursor, and for the URI of no note', async () => {
    const { client } = await connected('2026-07-28')
    const params = { cursor: 'made up' }
    await expect(client.request({ method: 'resources/list', params })).rejects.toMatchObject({ code: -32602 })
    const { contents } = await client.readResource({ uri: 'notes://folder/lunch.md' })
    expect(contents).toHaveLength(1)
    for (const uri of ['notes://folder/missing.md', 'notes://elsewhere/lunch.md'])
      await expect(client.readResource({ uri }), uri).rejects.toMatchObject({ code: -32602 })
  })
})
