import { extractNumbers, replaceCardinals, replaceOrdinalsAndMonths } from './numbers.ts'
import type { TextGrader } from './suite.ts'

/** A grader's setting: one value for every case, or a function that takes it from the case. */
export type PerCase<C, T> = T | ((testCase: C) => T)

/** Each fact is a list of accepted spellings; reports show the first. */
export type Facts = readonly (readonly string[])[]

/**
 * Scores the share of the facts that the output states. Ignores case, spacing, and the style of quotes and
 * dashes, but matches only whole words and numbers: "10" is not found in "100" or "10.5".
 * Passes if the score is at least `atLeast` (default 1). The grader throws if a case lists no facts.
 */
export function factsKept<C>(options: { facts: PerCase<C, Facts>; atLeast?: number }): TextGrader<C> {
  return (output, testCase) => {
    const facts = resolve(options.facts, testCase)
    if (facts.length === 0) throw new Error('factsKept: the case lists no fact')
    const text = normaliseFact(output)
    const missing = facts.filter((spellings) => !spellings.some((spelling) => mentionsFact(text, spelling)))
    const score = (facts.length - missing.length) / facts.length
    const names = missing.length > 0 ? `, missing ${formatItems(missing.map(([name]) => name))}` : ''
    const reason = `${facts.length - missing.length} of ${facts.length} facts kept${names}`
    return { pass: score >= (options.atLeast ?? 1), score, reason }
  }
}

/**
 * Checks that every number in the output occurs in the source, in any spelling (see `extractNumbers`).
 * Score: the share that does. A rounded number counts as invented.
 * Number words of the output are read before a unit ("two million"), and elsewhere only with `words: true`,
 * because counting what a source lists invents nothing.
 */
export function noInventedNumbers<C>(options: {
  source: PerCase<C, string>
  words?: boolean
}): TextGrader<C> {
  return (output, testCase) => {
    const known = collectKnownNumbers(resolve(options.source, testCase))
    const withoutListMarkers = output.replace(/^\s*\d{1,2}[.)]\s/gm, '')
    const which = options.words ? 'from two' : 'before a unit'
    const found = extractNumbers(replaceCardinals(withoutListMarkers, which))
    const invented = found.filter(({ readings }) => !readings.some((reading) => known.has(reading)))
    if (invented.length === 0) {
      return { pass: true, score: 1, reason: `${found.length} numbers, all in the source` }
    }
    const score = (found.length - invented.length) / found.length
    return {
      pass: false,
      score,
      reason: `not in the source: ${formatItems(invented.map(({ text }) => text))}`,
    }
  }
}

/**
 * Checks that the output has `min` (default 1) to `max` words, both included.
 * Score: 1 if so, else how near it comes (half the minimum: 0.5).
 */
export function lengthBetween<C>(options: {
  min?: PerCase<C, number>
  max: PerCase<C, number>
}): TextGrader<C> {
  return (output, testCase) => {
    const min = resolve(options.min ?? 1, testCase)
    const max = resolve(options.max, testCase)
    const words = countOutputWords(output)
    const score = words < min ? words / min : words > max ? max / words : 1
    return { pass: score === 1, score, reason: `${words} words, wanted ${min} to ${max}` }
  }
}

/**
 * Checks that each text occurs in the output, ignoring case.
 * Score: the share that does. The grader throws if there are no texts.
 */
export function contains<C>(options: { texts: PerCase<C, readonly string[]> }): TextGrader<C> {
  return (output, testCase) => {
    const texts = resolve(options.texts, testCase)
    if (texts.length === 0) throw new Error('contains: nothing to look for')
    const missing = texts.filter((text) => !output.toLowerCase().includes(text.toLowerCase()))
    const score = (texts.length - missing.length) / texts.length
    const pass = missing.length === 0
    return { pass, score, reason: pass ? 'all there' : `missing ${formatItems(missing)}` }
  }
}

/**
 * Checks that none of the texts occurs in the output, ignoring case.
 * For example, what an instruction hidden in the input demands.
 */
export function containsNone<C>(options: { texts: PerCase<C, readonly string[]> }): TextGrader<C> {
  return (output, testCase) => {
    const texts = resolve(options.texts, testCase)
    const said = texts.filter((text) => output.toLowerCase().includes(text.toLowerCase()))
    const pass = said.length === 0
    return {
      pass,
      score: pass ? 1 : 0,
      reason: pass ? 'nothing that was forbidden' : `says ${formatItems(said)}`,
    }
  }
}

/** Checks that the pattern matches somewhere in the output; with `absent: true`, nowhere. */
export function regex<C>(options: { pattern: PerCase<C, RegExp>; absent?: boolean }): TextGrader<C> {
  return (output, testCase) => {
    const pattern = resolve(options.pattern, testCase)
    // `search`, because `test` with a /g pattern starts where it stopped in the previous case.
    const found = output.search(pattern) >= 0
    const pass = found !== (options.absent ?? false)
    return { pass, score: pass ? 1 : 0, reason: `${pattern} ${found ? 'matches' : 'does not match'}` }
  }
}

/**
 * Collects the numbers that an output may use: as written, from words, months as numbers,
 * and the hour of "2 pm" alone.
 */
function collectKnownNumbers(source: string): Set<string> {
  const digits = replaceOrdinalsAndMonths(replaceCardinals(source, 'all'))
  const found = extractNumbers(digits).flatMap(({ readings }) => readings)
  const hours = found.filter((reading) => reading.includes(':')).map((time) => Number(time.split(':')[0]))
  return new Set([...found, ...hours.flatMap((hour) => [String(hour), String(hour % 12 || 12)])])
}

function mentionsFact(text: string, spelling: string): boolean {
  const wanted = normaliseFact(spelling)
  if (wanted === '') throw new Error('factsKept: an accepted spelling is empty')
  const literal = wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<!${WORD_UNIT}|\\d[.,])${literal}(?!${WORD_UNIT}|[.,]\\d)`, 'u').test(text)
}

/** Scripts that put no space between words, or, as Korean, add particles to them: there a word ends anywhere. */
const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
const WORD_UNIT = `(?:\\p{N}|(?![${UNSPACED.map((script) => `\\p{Script=${script}}`).join('')}])\\p{L})`

function normaliseFact(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’‚‛]/g, "'")
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
}

// The segmenter takes quadratic time in the length of a text, so it gets windows that end between words.
const WINDOW = /.{1,2000}(?=\s|$)|.{1,2000}/gsu

function countOutputWords(text: string): number {
  const segmenter = new Intl.Segmenter('en', { granularity: 'word' })
  let words = 0
  for (const window of text.match(WINDOW) ?? [])
    for (const { isWordLike } of segmenter.segment(window)) if (isWordLike) words++
  return words
}

function resolve<C, T>(setting: PerCase<C, T>, testCase: C): T {
  return setting instanceof Function ? setting(testCase) : setting
}

function formatItems(items: readonly (string | undefined)[]): string {
  return items.map((item) => JSON.stringify(item)).join(', ')
}
