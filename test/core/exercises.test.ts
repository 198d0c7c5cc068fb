import { describe, expect, it } from 'vitest'
import { replaceBodies, takeOut } from '../../build/functions.ts'
import { hasSameCode } from '../../src/core/exercises/same-code.ts'
import { parseTestReport } from '../../src/core/exercises/test-report.ts'

const FILE = `import { join } from 'node:path'

/** Adds up. 🚒 */
export function addUp(numbers: number[], { start = 0 }: { start?: number } = {}): { sum: number } {
  let sum = start
  for (const one of numbers) sum += double(one)
  return { sum }
}

// Twice.
function double(number: number): number {
  return number * 2
}

export const rest = join('a', 'b')
`

describe('taking code out', () => {
  it('leaves the signature, the docstring and all else, and removes helpers with their comments', () => {
    expect(takeOut(FILE, 'src/x.ts', { functions: ['addUp'], helpers: ['double'] })).toBe(
      `import { join } from 'node:path'

/** Adds up. 🚒 */
export function addUp(numbers: number[], { start = 0 }: { start?: number } = {}): { sum: number } {
  throw new Error('yours to write')
}

export const rest = join('a', 'b')
`,
    )
  })

  it('names the file and the function that is not there', () => {
    expect(() => replaceBodies(FILE, 'src/x.ts', { subtract: '{}' })).toThrow(
      'src/x.ts has no top-level function subtract',
    )
  })
})

describe('the same code', () => {
  const reference = FILE.slice(FILE.indexOf('function addUp'), FILE.indexOf('\n\n// Twice'))

  it.each([
    ['itself', FILE],
    ['other names', FILE.replaceAll('one', 'value').replaceAll('numbers', 'all')],
    [
      'another local name behind a property',
      FILE.replace('let sum', 'let total')
        .replace('sum +=', 'total +=')
        .replace('{ sum }\n', '{ sum: total }\n'),
    ],
    [
      'other formatting',
      FILE.replaceAll('\n  ', ' ').replace('sum = start', 'sum = start;').replace('{ sum }\n', '{sum,};\n'),
    ],
    ['comments', FILE.replace('let sum', '// From here.\n  let sum')],
  ])('is found in %s', (_, text) => {
    expect(hasSameCode(text, reference)).toBe(true)
  })

  it.each([
    ['another operator', FILE.replace('+=', '-=')],
    ['another property', FILE.replace('return { sum }', 'return { total: sum }')],
    ['another constant', FILE.replace('start = 0', 'start = 1')],
    ['two names that became one', FILE.replace('double(one)', 'double(sum)')],
    ['a function of another name', FILE.replace('addUp', 'addAll')],
  ])('is not found in %s', (_, text) => {
    expect(hasSameCode(text, reference)).toBe(false)
  })
})

describe("vitest's report", () => {
  const test = (title: string, status: string, message = '') => ({
    fullName: `group ${title}`,
    title,
    status,
    failureMessages: [message],
    location: { line: 7, column: 3 },
  })
  const report = (...assertionResults: unknown[]) =>
    JSON.stringify({ testResults: [{ name: '/p/test/a.test.ts', status: 'failed', assertionResults }] })

  it('names the first test that fails, where it stands, and its error without the stack', () => {
    const text = report(
      test('a', 'passed'),
      test('b', 'failed', 'Error: no\n+ more\n    at x (/p/a.ts:1:2)'),
      test('c', 'failed'),
      test('d', 'skipped'),
    )
    expect(parseTestReport(text, '/p')).toEqual({
      passed: 1,
      total: 3,
      red: { name: 'group b', file: 'test/a.test.ts', line: 7, message: 'Error: no\n+ more' },
    })
  })

  it('is red when a file does not load', () => {
    const text = JSON.stringify({
      testResults: [
        { name: '/p/test/a.test.ts', message: 'no such import', status: 'failed', assertionResults: [] },
      ],
    })
    expect(parseTestReport(text, '/p')?.red).toMatchObject({ name: 'test/a.test.ts does not load' })
  })

  it.each([
    ['nothing', ''],
    ['another document', '{}'],
    ['no test', report()],
    ['only skipped tests', report(test('a', 'skipped'))],
  ])('is never green with %s', (_, text) => {
    const run = parseTestReport(text, '/p')
    expect(run === undefined || run.red !== null).toBe(true)
  })
})
