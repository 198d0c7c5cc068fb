import { isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml'
import { stripInvisible } from '#kit/files/text'
import { fenceCode } from './text.ts'

export type FrontMatterData = Record<string, string | number | boolean>

export interface FrontMatter {
  metadata: FrontMatterData
  /** The document below the front matter. */
  body: string
}

const MAX_CHARACTERS = 32 * 1024
const MAX_FIELDS = 50
const MAX_VALUE = 1_000
const OPENING = /^---[ \t]*\n/
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/m

/**
 * Splits YAML front matter, between two `---` lines, off the top of a document. Keeps scalars, joins lists
 * of scalars with commas, and drops nested values. Broken YAML becomes a code block at the top of the body:
 * the cause is usually an unquoted colon in a title, and the text below is fine.
 * YAML that isn't a mapping, or doesn't end within 32 KiB, isn't front matter and stays in the body.
 */
export function splitFrontMatter(text: string): FrontMatter {
  const opening = OPENING.exec(text)?.[0].length
  const closing = opening && CLOSING.exec(text.slice(opening, opening + MAX_CHARACTERS))
  if (!opening || !closing) return { metadata: {}, body: text }
  const source = text.slice(opening, opening + closing.index)
  const body = text.slice(opening + closing.index + closing[0].length).replace(/^\n+/, '')
  const parsed = parseYaml(source)
  switch (parsed.kind) {
    case 'fields':
      return { metadata: parsed.metadata, body }
    case 'broken':
      return { metadata: {}, body: `${fenceCode(source.trimEnd(), 'yaml')}\n\n${body}` }
    case 'no mapping':
      return { metadata: {}, body: text }
    default:
      return parsed satisfies never
  }
}

type Parsed = { kind: 'fields'; metadata: FrontMatterData } | { kind: 'broken' } | { kind: 'no mapping' }

/**
 * Reads only the syntax tree and builds no objects from it, so that no alias is expanded and no tag applied.
 */
function parseYaml(source: string): Parsed {
  const document = parseTree(source)
  if (document === undefined || document.errors.length > 0) return { kind: 'broken' }
  const { contents } = document
  if (contents === null) return { kind: 'fields', metadata: {} }
  if (!isMap(contents)) return { kind: 'no mapping' }
  const fields = contents.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value).trim() : ''
    const plain = toPlainValue(value)
    const unusable = name === '' || name.length > 100 || UNSAFE_NAMES.includes(name)
    return unusable || plain === undefined ? [] : [[name, plain] as const]
  })
  return { kind: 'fields', metadata: Object.fromEntries(fields.slice(0, MAX_FIELDS)) }
}

const UNSAFE_NAMES = ['__proto__', 'constructor', 'prototype']

function parseTree(source: string) {
  // The parser recurses on every level, and a stack overflow can't always be caught: V8 ends the process if
  // the overflow happens while it compiles a regular expression.
  if (isDeep(source)) return undefined
  return parseDocument(source, { schema: 'core', uniqueKeys: false, logLevel: 'silent' })
}

const MAX_BRACKETS = 200
const MAX_INDENT = 100
const MAX_MARKS = 50

/**
 * Returns whether brackets, indentation or nested lists on one line go deeper than in any
 * hand-written front matter.
 */
function isDeep(source: string): boolean {
  // Counts every opening bracket, because a closing one may be in quotes.
  if (source.split(/[[{]/).length > MAX_BRACKETS) return true
  return source
    .split('\n')
    .some((line) => line.search(/\S|$/) > MAX_INDENT || line.split(/(?<!\S)[-?:](?!\S)/).length > MAX_MARKS)
}

function toPlainValue(node: unknown): string | number | boolean | undefined {
  if (isScalar(node)) return readScalar(node)
  if (!isSeq(node)) return undefined
  const values = node.items.map((item) => (isScalar(item) ? readScalar(item) : undefined))
  return (
    values
      .filter((value) => value !== undefined)
      .join(', ')
      .slice(0, MAX_VALUE) || undefined
  )
}

function readScalar({ value, source }: Scalar): string | number | boolean | undefined {
  if (typeof value === 'boolean') return value
  // Only numbers that print as they were written: 1.10 may be a version, and an id of 20 digits would change.
  if (typeof value === 'number' && String(value) === source) return value
  if (value === null || value === undefined) return undefined
  const text = typeof value === 'number' && source !== undefined ? source : String(value)
  return stripInvisible(text).slice(0, MAX_VALUE)
}
