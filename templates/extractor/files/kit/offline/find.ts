import type { Leaf } from '#kit/fields/field'
import { keepLetters } from '#kit/values/words'
import { type Names, PARENT_ALONE, scoreLabel, stemTerms } from './labels.ts'
import type { Pair } from './outline.ts'
import { keepNamedEnds } from './ranges.ts'
import { type Found, isCode, readSpanValues } from './read-value.ts'
import { findTrimmedSentences, type Span } from './spans.ts'
import { findClause, findDenial, findNearWords, type Scope } from './statements.ts'

/** Finds the values of one field: none, one, or several where the document contradicts itself. */
export function findLeaf(leaf: Leaf, names: Names, scope: Scope): Found[] {
  const ways = [findLabelled, findTitle, findByExample, findDenial, findNearWords, findOnlyMatch]
  if (isAnsweredWithNothing(leaf, names, scope)) return []
  for (const way of ways) {
    const found = dedupeFound(way(leaf, names, scope))
    if (found.length > 0) return found
  }
  return []
}

// A label of one or two words is ambiguous. A value of a narrow kind after it is further evidence, so a
// weaker match is enough.
const MIN_FIT: Partial<Record<Leaf['kind'], number>> = { string: 0.55 }

/** Finds values after a label, as in "Severity: SEV-2"; the best label wins. */
function findLabelled(leaf: Leaf, names: Names, scope: Scope): Found[] {
  let best = MIN_FIT[leaf.kind] ?? 0.4
  let found: Found[] = []
  for (const pair of scope.outline.pairs) {
    const fit = scoreLabel(names, pair.label, pair.section)
    if (fit < best) continue
    const values = readPairValues(leaf, names, pair, fit, scope)
    if (values.length === 0) continue
    found = fit > best ? values : [...found, ...values]
    best = fit
  }
  return found
}

/**
 * Checks for a label without a value, as in "Duration: NaN minutes": then the field is empty, and no other
 * place is searched.
 */
function isAnsweredWithNothing(leaf: Leaf, names: Names, scope: Scope): boolean {
  const own = scope.outline.pairs.filter(
    ({ label, section, isProse }) => !isProse && scoreLabel(names, label, section) >= OWN_LABEL,
  )
  return (
    own.length > 0 && own.every((pair) => readPairValues(leaf, names, pair, OWN_LABEL, scope).length === 0)
  )
}

const OWN_LABEL = 0.9

function readPairValues(
  leaf: Leaf,
  names: Names,
  { value, isProse }: Pair,
  fit: number,
  scope: Scope,
): Found[] {
  const { text } = scope.outline
  if (leaf.kind === 'string') {
    if (isProse) return readProseValues(leaf, names, value, scope)
    if (fit !== PARENT_ALONE || names.parents.length === 0)
      return readSpanValues(leaf, text, value, scope.context)
    return names.own.includes(NAME) ? readSpanValues(leaf, text, cutDetails(text, value), scope.context) : []
  }
  const values = keepNamedEnds(leaf, names, readSpanValues(leaf, text, value, scope.context), text)
  // The name of an object does not say which value belongs to which of its fields.
  if (fit === PARENT_ALONE && names.parents.length > 0) return values
  // "1,312 of 40,000 customers": the answer comes first.
  const [first] = values
  const isFirst =
    first !== undefined && /^[^\p{L}\p{N}]*(?:\p{L}{1,7}\.?\s)?$/u.test(text.slice(value.start, first.start))
  return isFirst || isProse ? values.slice(0, 1) : values
}

const [NAME = ''] = stemTerms('name')

/** Reads the first sentence under a heading, or the part of it after "The root cause was". */
function readProseValues(leaf: Leaf, names: Names, value: Span, scope: Scope): Found[] {
  const { text } = scope.outline
  const [first = value] = findTrimmedSentences(text, value)
  if (text[first.end - 1] === ':') return []
  const clause = findClause(leaf, names, first, scope)
  return clause.length > 0 ? clause : readSpanValues(leaf, text, first, scope.context)
}

/** Cuts "Ada Smith <ada@example.com>, on call" to the name. */
function cutDetails(text: string, span: Span): Span {
  const length = text.slice(span.start, span.end).search(/\s*(?:[<(,;|]|\s[-–—]\s|\S+@)/)
  return length > 0 ? { start: span.start, end: span.start + length } : span
}

const TITLES = stemTerms('title subject headline heading')

/** Takes the first heading of the document as its title. */
function findTitle(leaf: Leaf, names: Names, { outline, context }: Scope): Found[] {
  const [heading] = outline.headings
  if (leaf.kind !== 'string' || heading === undefined || names.parents.length > 0) return []
  return names.own.some((term) => TITLES.includes(term))
    ? readSpanValues(leaf, outline.text, heading, context)
    : []
}

/**
 * Finds keys of the shape that the description shows, "such as INC-1042". Keys with other letters count only
 * near the start, where a document names itself.
 */
function findByExample(leaf: Leaf, _: Names, { outline, context }: Scope): Found[] {
  const [, letters, mark = ''] = EXAMPLE.exec(leaf.description) ?? []
  if (leaf.kind !== 'string' || letters === undefined) return []
  const matches = (prefix: string, text: string) => {
    const pattern = new RegExp(`(?<![\\w-])${prefix}${mark}\\d{2,}(?![\\w-])`, 'g')
    return [...text.matchAll(pattern)].flatMap(({ 0: match, index }) =>
      STANDARD.test(match)
        ? []
        : readSpanValues(leaf, outline.text, { start: index, end: index + match.length }, context),
    )
  }
  const same = matches(letters, outline.text)
  if (same.length > 0) return same
  return matches(
    letters === letters.toUpperCase() ? '[A-Z]{2,}' : '[a-z]{2,}',
    outline.text.slice(0, BEGINNING),
  )
}

const EXAMPLE = /\b([A-Za-z]+)([-_]?)\d{2,}\b/
const STANDARD = /^(?:UTF|UTC|GMT|SHA|AES|ISO|IEEE|RFC|CVE)/i
const BEGINNING = 200 // characters

const RECOGNISABLE: readonly Leaf['kind'][] = ['email', 'url', 'phone']

/**
 * Finds the only address in the document, or the only choice that is no ordinary word: "sev2" counts, "high"
 * does not.
 */
function findOnlyMatch(leaf: Leaf, names: Names, { outline, context }: Scope): Found[] {
  const isDistinctive =
    leaf.kind === 'enum' && leaf.values.every((value) => /\d/.test(keepLetters(value)) || isCode(value))
  if (names.parents.length > 0 || !(isDistinctive || RECOGNISABLE.includes(leaf.kind))) return []
  const whole = { start: 0, end: outline.text.length }
  const found = dedupeFound(readSpanValues(leaf, outline.text, whole, context))
  return found.length === 1 ? found : []
}

export function dedupeFound(found: readonly Found[]): Found[] {
  const seen = new Set<Found['value']>()
  return found.filter(({ value }) => !seen.has(value) && seen.add(value))
}
