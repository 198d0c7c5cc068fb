import { describe, expect, it } from 'vitest'
import { called, connected, ERAS } from './clients.ts'
import { SAMPLE } from './notes-folder.ts'
import { listDraws } from './random.ts'

const ERA = '2026-07-28'

describe('read_note', () => {
  it('gives a short note whole, as text and as data', async () => {
    const { client } = await connected(ERA)
    expect(await called(client, 'read_note', { name: 'lunch.md' })).toEqual({
      isError: false,
      text: SAMPLE['lunch.md'],
      data: {
        ...{ name: 'lunch.md', uri: 'notes://folder/lunch.md', title: 'Lunch', text: SAMPLE['lunch.md'] },
        ...{ total_chars: SAMPLE['lunch.md'].length, next_offset: null },
      },
    })
  })

  it('cuts a long note, and says where to read on', async () => {
    for (const era of ERAS) {
      const { client } = await connected(era, { files: { 'long.md': 'x'.repeat(2_300) } })
      const { text, data } = await called(client, 'read_note', { name: 'long.md', max_chars: 1_000 })
      expect(text).toBe(`${'x'.repeat(1_000)}\n\n[More: offset 1000 of 2300]`)
      expect(data).toMatchObject({ text: 'x'.repeat(1_000), total_chars: 2_300, next_offset: 1_000 })
    }
  })

  it('reads on from an offset, up to the end of the note', async () => {
    const { client } = await connected(ERA, { files: { 'a.md': `${'x'.repeat(150)}END` } })
    const { text, data } = await called(client, 'read_note', { name: 'a.md', offset: 150 })
    expect([text, data['next_offset']]).toEqual(['END', null])
    const exact = await called(client, 'read_note', { name: 'a.md', offset: 53, max_chars: 100 })
    expect([exact.text.length, exact.data['next_offset']]).toEqual([100, null])
  })

  it('never ends a part in the middle of a character', async () => {
    const { client } = await connected(ERA, { files: { 'a.md': `${'x'.repeat(99)}🚒 and more` } })
    const { data } = await called(client, 'read_note', { name: 'a.md', max_chars: 100 })
    expect([data['text'], data['next_offset']]).toEqual(['x'.repeat(99), 99])
  })

  it('gives parts that are the note when they are joined, for any note', async () => {
    for (const { seed, number, text } of listDraws(8)) {
      const whole = `x${text('abc de\n🚒', 100 + number(900))}x`
      const { client } = await connected(ERA, { files: { 'a.md': whole } })
      const parts: string[] = []
      let offset: unknown = 0
      while (typeof offset === 'number' && parts.length < 30) {
        const input = { name: 'a.md', offset, max_chars: 100 + number(200) }
        const { data } = await called(client, 'read_note', input)
        parts.push(String(data['text']))
        expect(parts.at(-1), seed).not.toMatch(/\p{Surrogate}/u)
        expect(data['total_chars'], seed).toBe(whole.length)
        offset = data['next_offset']
      }
      expect(parts.join(''), seed).toBe(whole)
    }
  })

  it('refuses an offset behind the end, and says how long the note is', async () => {
    const { client } = await connected(ERA, { files: { 'a.md': 'x'.repeat(123) } })
    const { isError, text } = await called(client, 'read_note', { name: 'a.md', offset: 123 })
    expect([isError, text]).toEqual([true, expect.stringContaining('123')])
  })

  it('suggests the name that was probably meant, or list_notes', async () => {
    const { client, reported } = await connected(ERA)
    const close = await called(client, 'read_note', { name: 'oncall.md' })
    expect([close.isError, close.text]).toEqual([true, expect.stringContaining('team/on-call.md')])
    const far = await called(client, 'read_note', { name: 'zzz.md' })
    expect([far.isError, far.text]).toEqual([true, expect.stringContaining('list_notes')])
    expect(reported).toEqual([])
  })
})
