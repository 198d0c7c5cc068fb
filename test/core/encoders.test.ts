import { execFileSync } from 'node:child_process'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { type Encoder, encoders } from '../../src/core/encoders.ts'

/** What users might type, with the characters that mean something to one of the formats well represented. */
const special = fc.constantFrom(
  '"',
  '\\',
  '\n',
  '\r\n',
  '$' + '{x}',
  '*/',
  '</script>',
  '<!-- -->',
  '-->',
  '|',
  '{{x}}',
  '{{{y}}}',
  '#',
  "'",
  '`',
  '&amp;',
  '---',
  ': ',
  '\u2028',
  '\u0085',
  '\u{1f600}',
  '- ',
  '1. ',
  '\t',
  '[a](b)',
  '  \n',
  '> ',
)
const text = fc
  .array(fc.oneof(special, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 })
  .map((pieces) => pieces.join(''))
const withoutNul = text.filter((value) => !value.includes('\0'))

const readBack: Record<Encoder, (encoded: string) => string> = {
  json: (encoded) => JSON.parse(`{"a":${encoded}}`).a,
  yaml: (encoded) => parseYaml(`a: ${encoded}\nb: 1\n`).a,
  ts: (encoded) => runInNewContext(`const a = ${encoded}; a`),
  toml: (encoded) => String(parseToml(`a = ${encoded}\nb = 1\n`)['a']),
  html: (encoded) => textOf(parseFragment(`<p title="${encoded}">${encoded}</p>`)),
  md: (encoded) => markdownText(encoded),
  sh: (encoded) => encoded,
}

/** A shell is a process, so its encoder is tested with one script for all values. */
const parsed = (Object.keys(encoders) as Encoder[]).filter((format) => format !== 'sh')

describe.each(parsed)('the %s encoder', (format) => {
  it('gives what a parser reads back as the same text, whatever it is', () => {
    fc.assert(
      fc.property(comparable(format), (value) => {
        expect(readBack[format](encoders[format](value))).toBe(value)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the sh encoder', () => {
  it('gives one word to a real shell', () => {
    const values = fc.sample(withoutNul, 500)
    const script = values.map((value) => `printf '%s\\0' ${encoders.sh(value)}`).join('\n')
    const printed = execFileSync('sh', { input: script }).toString('utf8').split('\0').slice(0, -1)
    expect(printed).toEqual(values.map((value) => Buffer.from(value).toString('utf8')))
  })
})

/** NUL cannot be an argument; HTML and Markdown cannot carry it, nor lone surrogates and, in HTML, some control characters. */
function comparable(format: Encoder): fc.Arbitrary<string> {
  if (format === 'html' || format === 'md')
    return withoutNul.filter(
      (value) =>
        value.isWellFormed() &&
        !/[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufdd0-\ufdef\ufffe\uffff]/.test(value),
    )
  if (format === 'toml' || format === 'yaml') return text.filter((value) => value.isWellFormed())
  return text
}

function markdownText(encoded: string): string {
  const types = (text: string) => new MarkdownIt().parse(text, {}).map(({ type }) => type)
  const paragraph = ['paragraph_open', 'inline', 'paragraph_close']
  expect(types(`Before ${encoded} after`)).toEqual(paragraph)
  expect(types(encoded)).toEqual(encoded === '' ? [] : paragraph)
  expect(types(`# ${encoded || 'x'}`)).toEqual(['heading_open', 'inline', 'heading_close'])
  const inline = new MarkdownIt().parse(`Before ${encoded} after`, {})[1]?.children ?? []
  return inline
    .map(({ content }) => content)
    .join('')
    .slice('Before '.length, -' after'.length)
}

function textOf(fragment: DefaultTreeAdapterTypes.DocumentFragment): string {
  const paragraph = fragment.childNodes[0]
  if (!paragraph || !('attrs' in paragraph)) throw new Error('no element')
  expect(fragment.childNodes).toHaveLength(1)
  const title = paragraph.attrs[0]?.value ?? ''
  const child = paragraph.childNodes[0]
  expect(child && 'value' in child ? child.value : '').toBe(title)
  return title
}
