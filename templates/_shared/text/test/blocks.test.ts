import { describe, expect, it } from 'vitest'
import { findBlocks } from '#kit/text/blocks'
import { splitLines } from '#kit/text/lines'
import { findParagraphs } from '#kit/text/paragraphs'

const TEXT = [
  '---',
  'title: x',
  '---',
  '# The *first* [heading](x.md) #',
  'Prose over',
  'two lines.',
  '- one',
  '  goes on',
  '',
  '  more of one',
  '- two',
  '| a | b |',
  '| - | - |',
  '```js',
  '# no heading',
  '',
  '~~~',
  '```',
  'Underlined',
  '---',
  '> quoted',
  '> twice',
  '2026-03-01 10:00 an entry',
  '2026-03-01 10:05 another',
].join('\n')

describe('blocks', () => {
  it('are headings, prose, lists, tables, code, and front matter as code', () => {
    expect(findBlocks(TEXT).map(({ kind, lines }) => [kind, lines.length])).toEqual([
      ['code', 3],
      ['heading', 1],
      ['prose', 2],
      ['list', 4],
      ['table', 2],
      ['code', 5],
      ['heading', 2],
      ['prose', 4],
    ])
  })

  it('say what a heading says, and its level', () => {
    expect(findBlocks(TEXT).flatMap(({ heading }) => heading ?? [])).toEqual([
      { level: 1, title: 'The first heading' },
      { level: 2, title: 'Underlined' },
    ])
  })

  it.each(['\n', '\r\n', '\r'])('have their places with lines that end in %j', (lineBreak) => {
    const text = TEXT.replaceAll('\n', lineBreak)
    const found = findBlocks(text).map(({ start, end }) => text.slice(start, end))
    expect(found[2]).toBe(`Prose over${lineBreak}two lines.`)
    expect(findParagraphs(text).map(({ kind }) => kind)).toEqual(findParagraphs(TEXT).map(({ kind }) => kind))
  })

  it('have no heading of a line above the signature of a mail', () => {
    expect(findBlocks('See you.\n-- \nAda').map(({ kind }) => kind)).toEqual(['prose'])
  })

  it('are none in an empty text', () => {
    expect(findBlocks('\n \n')).toEqual([])
  })
})

describe('paragraphs', () => {
  it('are what sentences stand in, one for each item, row, line of code, quoted line and entry', () => {
    const found = findParagraphs(TEXT).map(({ kind, start, end }) => [kind, TEXT.slice(start, end)])
    expect(found.filter(([kind]) => kind !== 'code')).toEqual([
      ['heading', '# The *first* [heading](x.md) #'],
      ['prose', 'Prose over\ntwo lines.'],
      ['item', '- one\n  goes on'],
      ['item', '  more of one'],
      ['item', '- two'],
      ['row', '| a | b |'],
      ['row', '| - | - |'],
      ['heading', 'Underlined\n---'],
      ['prose', '> quoted'],
      ['prose', '> twice'],
      ['prose', '2026-03-01 10:00 an entry'],
      ['prose', '2026-03-01 10:05 another'],
    ])
    expect(found.filter(([kind]) => kind === 'code').map(([, text]) => text)).toContain('# no heading')
  })
})

it('splits lines at LF, CRLF and CR', () => {
  expect(splitLines('a\nb\r\nc\rd').map(({ text, start }) => [text, start])).toEqual([
    ['a', 0],
    ['b', 2],
    ['c', 5],
    ['d', 7],
  ])
})
