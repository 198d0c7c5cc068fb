import { describe, expect, it } from 'vitest'
import { blocksOf, runsOf, withRuns } from '../../../../public/js/blocks.js'
import { markClaims } from '../../../../public/js/claims.js'
import { doubtOf } from '../../../../public/js/figures.js'
import { withoutHalfMark } from '../../../../public/js/inlines.js'
import { excerptOf, segmentsOf } from '../../../../public/js/passages.js'

const claim = (
  index: number,
  text: string,
  citations: number[] = [],
  support: 'quoted' | 'uncited' = 'quoted',
) => ({ index, claim: { text, citations, support, missing: [] }, passages: [] })

describe('an answer as blocks', () => {
  it('knows paragraphs, headings, lists, code, and nothing else', () => {
    const kinds = blocksOf('# One\n\ntwo\nlines\n\n- a\n- b\n  more\n3. c\n\n```js\n<b>\n```\nend').map(
      ({ kind }) => kind,
    )
    expect(kinds).toEqual(['heading', 'paragraph', 'list', 'list', 'code', 'paragraph'])
  })

  it('reads marks as the check of citations does', () => {
    const [run = []] = runsOf(blocksOf('a [1] b [2, 3] c [4-6] d 【7】 e [^8] `x[9]` [link](u) [1000]'))
    expect(run.flatMap((one) => (one.kind === 'cite' ? one.number : []))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('leaves HTML, links and images the text that they are', () => {
    const text = '<img src=x onerror=alert(1)> ![a](http://b.example/?q) [c](javascript:d)'
    expect(blocksOf(text)).toEqual([{ kind: 'paragraph', inlines: [{ kind: 'text', text }] }])
  })

  it('loses no character of a paragraph, whatever it holds', () => {
    const text = '**a** `b` *c* ** d ` e [1] * f **[2]**g 😀'
    const [run = []] = runsOf(blocksOf(text))
    expect(run.map((one) => one.text).join('')).toBe('a b c ** d ` e [1] * f [2]g 😀')
  })

  it('reads half a megabyte of half-open marks', () => {
    for (const piece of ['**a ', '`a ', '[1, ', '*a ', '- ', '```\n', '[1  '])
      expect(() => blocksOf(piece.repeat(50_000))).not.toThrow()
  })

  it('hides a mark that has only begun while more is to come', () => {
    expect(withoutHalfMark('full pay. [1')).toBe('full pay.')
    expect(withoutHalfMark('full pay. **')).toBe('full pay.')
    expect(withoutHalfMark('full pay. [1]')).toBe('full pay. [1]')
  })
})

describe('claims in the answer', () => {
  const marked = (text: string, citations: ReturnType<typeof claim>[]) => {
    const blocks = blocksOf(text)
    return runsOf(withRuns(blocks, markClaims(runsOf(blocks), citations))).flat()
  }

  it('are found through bold, code, marks and line breaks', () => {
    const found = marked('They get **twenty** weeks [1]. Ask `x@y`\nfirst [2].', [
      claim(0, 'They get **twenty** weeks.', [1]),
      claim(1, 'Ask `x@y` first.', [2]),
    ])
    const texts = (index: number) =>
      found
        .filter((one) => one.claim === index)
        .map((one) => one.text)
        .join('')
    expect(texts(0)).toBe('They get twenty weeks[1]')
    expect(texts(1)).toBe('Ask x@y\nfirst[2]')
  })

  it('take the same sentence twice in its order', () => {
    const found = marked('Yes. [1]\n\nYes. [2]', [claim(0, 'Yes.', [1]), claim(1, 'Yes.', [2])])
    expect(found.flatMap((one) => (one.kind === 'text' && one.claim !== undefined ? one.claim : []))).toEqual(
      [0, 1],
    )
  })

  it('that are nowhere in it change nothing', () => {
    expect(marked('One. Two.', [claim(0, 'Three.'), claim(1, '')])).toEqual([
      { kind: 'text', text: 'One. Two.' },
    ])
  })

  it('keep letters whole that are longer when small', () => {
    const found = marked('İstanbul ist groß. Ende.', [claim(0, 'İstanbul ist groß.'), claim(1, 'Ende.')])
    expect(found.filter((one) => one.claim === 1).map((one) => one.text)).toEqual(['Ende.'])
  })

  it('that no source says come with a reason', () => {
    expect(doubtOf({ text: 'x', citations: [1, 2], support: 'unsupported', missing: ['12'] })?.reason).toBe(
      'Sources 1, 2 do not say this: “12” not found there.',
    )
    expect(doubtOf({ text: 'x', citations: [], support: 'uncited', missing: [] })?.label).toBe('no source')
    expect(doubtOf({ text: 'x', citations: [1], support: 'quoted', missing: [] })).toBeNull()
  })
})

describe('a source with its passages', () => {
  const passages = (...spans: [number, number][]) =>
    spans.map(([start, end], index) => ({ ...claim(index, ''), passages: [{ source: 1, start, end }] }))
  const segments = (text: string, ...spans: [number, number][]) =>
    segmentsOf({ number: 1, text }, passages(...spans))

  it('is cut where they begin and end, in UTF-16 units', () => {
    expect(segments('a😀bc', [1, 4])).toEqual([
      { text: 'a', claims: [] },
      { text: '😀b', claims: [0] },
      { text: 'c', claims: [] },
    ])
  })

  it('shows overlapping ones once each', () => {
    expect(segments('abcdef', [0, 4], [2, 6]).map(({ text, claims }) => [text, claims])).toEqual([
      ['ab', [0]],
      ['cd', [0, 1]],
      ['ef', [1]],
    ])
  })

  it('keeps its text, whatever the offsets are', () => {
    for (const [start, end] of [
      [5, 2],
      [0, 99],
      [99, 100],
      [0, 0],
      [3, 3],
    ] as const)
      expect(
        segments('abcdef', [start, end])
          .map(({ text }) => text)
          .join(''),
      ).toBe('abcdef')
  })

  it('is told by its quotes, else by how it begins', () => {
    expect(excerptOf(segments('One. Two. Three.', [0, 4], [10, 16]))).toBe('One. … Three.')
    expect(excerptOf(segments('One. Two.'))).toBe('One. Two.')
  })
})
