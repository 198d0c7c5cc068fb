import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/core/errors.ts'
import { parseDirectory, parseProjectName } from '../../src/core/names.ts'

const nothingTaken = new Set<string>()

function refusal(parse: () => unknown): UsageError {
  try {
    parse()
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('a project name', () => {
  it.each(['a', 'notes', 'my-bot', 'v2.app', 'a_b', '0x', 'a'.repeat(214)])('may be %s', (name) => {
    expect(parseProjectName(name, nothingTaken)).toEqual({ packageName: name, directoryName: name })
  })

  it('keeps its scope for npm and drops it for the directory', () => {
    expect(parseProjectName('@me/notes', nothingTaken)).toEqual({
      packageName: '@me/notes',
      directoryName: 'notes',
    })
  })

  const traversal = ['..', '.', '../x', 'a/b', '/abs/x', '@s/../x', '@s/', '@/x', 'a\\b']
  const devices = ['con', 'NUL', 'prn', 'aux.js', 'com1', 'com¹', 'lpt9', 'conin$', 'CONOUT$', 'nul.txt']
  const shapes = ['', '  ', 'app.', 'app ', ' app', '-x', '.hidden', '_x', 'a'.repeat(215), 'a'.repeat(256)]
  const characters = [
    'a:b',
    'a*b',
    'a?b',
    'a<b',
    'a|b',
    'a"b',
    'a\nb',
    'a\rb',
    'a\tb',
    'a\0b',
    'a\u001bb',
    '$(touch PWNED)',
    '`x`',
    'a;b',
    "a'b",
    '%PATH%',
    'a&b',
  ]
  const unicode = ['\u0430pp', '\uff41pp', 'a\u200bpp', 'a\u202epp', 'caf\u00e9', 'cafe\u0301']
  const reserved = ['node_modules', 'favicon.ico', '__proto__', 'constructor', 'prototype', 'NODE_MODULES']
  it.each([...traversal, ...devices, ...shapes, ...characters, ...unicode, ...reserved])(
    'may not be %j',
    (name) => {
      const { message, hint } = refusal(() => parseProjectName(name, nothingTaken))
      expect(message).toMatch(/^[\x20-\x7e]+$/)
      expect(hint).toBeTruthy()
    },
  )

  it.each([
    ['a b', 'a-b'],
    ['MyApp', 'my-app'],
    ['.hidden', 'hidden'],
    ['app.', 'app'],
    ['My App!', 'my-app'],
  ])('%j comes with the suggestion %s', (name, suggestion) => {
    expect(refusal(() => parseProjectName(name, nothingTaken)).hint).toBe(`Try: ${suggestion}`)
  })

  it('may not be the name of something the project itself depends on', () => {
    expect(refusal(() => parseProjectName('zod', new Set(['zod']))).message).toContain('uses itself')
  })

  it('shows characters that could deceive as escapes', () => {
    expect(refusal(() => parseProjectName('\u0430pp\u202e', nothingTaken)).message).toContain(
      '\\u0430pp\\u202e',
    )
  })
})

describe('a directory', () => {
  it.each([
    ['notes', 'notes'],
    ['./notes/', 'notes/'],
    ['a/../../x', '../x'],
    ['/abs/x', '/abs/x'],
  ])('%s is the path %s', (text, path) => {
    expect(parseDirectory(text)).toEqual({ path, isCurrent: false, scopedName: undefined })
  })

  it('may be the current one', () => {
    expect(parseDirectory('.').isCurrent).toBe(true)
    expect(parseDirectory('./').isCurrent).toBe(true)
  })

  it('that looks like a scoped package is one', () => {
    expect(parseDirectory('@me/notes')).toEqual({ path: 'notes', isCurrent: false, scopedName: '@me/notes' })
  })

  it.each([
    '',
    ' ',
    '..',
    '../..',
    'a/..',
    '~',
    '~/x',
    '~root/x',
    '~root',
    '/',
    'a\\b',
    'a\nb',
    'x'.repeat(5000),
    '@s/../x',
    '@/x',
  ])('may not be %j', (text) => {
    expect(refusal(() => parseDirectory(text)).exitCode).toBe(2)
  })
})
