import type { Leaf } from '#kit/fields/field'
import { findDateMentions } from '#kit/values/dates'
import { countsTime } from '#kit/values/numbers'
import type { ValueContext } from './context.ts'
import { GENERIC, type Names, stemTerms } from './labels.ts'
import type { Group, Outline } from './outline.ts'
import { keepNamedEnds } from './ranges.ts'
import { type Found, readSpanValues } from './read-value.ts'
import type { Span } from './spans.ts'

export interface Scope {
  outline: Outline
  statements: readonly Statement[]
  context: ValueContext
}

/** A sentence or a list item, with its terms. */
export interface Statement {
  span: Span
  terms: ReadonlySet<string>
  context: ValueContext
}

/** Builds the scope once for all fields, since every field searches all statements. */
export function buildScope(outline: Outline, context: ValueContext): Scope {
  const groups = [...outline.paragraphs, ...outline.lists]
  return {
    outline,
    context,
    statements: groups.flatMap((group) => collectStatements(group, outline.text, context)),
  }
}

/** Within a paragraph, a time of day belongs to the date that was last mentioned. */
function collectStatements({ spans }: Group, text: string, context: ValueContext): Statement[] {
  let { date } = context
  return spans.map((span) => {
    const words = text.slice(span.start, span.end)
    const statement = { span, terms: new Set(stemTerms(words)), context: { ...context, date } }
    const dates = findDateMentions(words.slice(0, MAX_DATED), context.order).flatMap(
      (mention) => mention.dates,
    )
    if (dates.length > 0) date = dates.length === 1 ? dates[0] : undefined
    return statement
  })
}

const MAX_DATED = 1_000 // characters: far more than a sentence has

const NEAR = 6 // words

/**
 * Finds the value nearest to a word of the field in the same sentence: "About 1,312 customers were affected".
 */
export function findNearWords(leaf: Leaf, names: Names, scope: Scope): Found[] {
  const { text } = scope.outline
  const wanted = [...(names.parents.length > 0 ? names.parents.flat() : names.all)].filter(
    (term) => !GENERIC.has(term),
  )
  let best = NEAR
  let found: Found[] = []
  for (const { span, terms, context } of scope.statements) {
    const shared = wanted.filter((term) => terms.has(term))
    if (shared.length === 0) continue
    if (leaf.kind === 'string') {
      found.push(...findClause(leaf, names, span, scope))
      continue
    }
    for (const value of keepNamedEnds(leaf, names, readSpanValues(leaf, text, span, context), text)) {
      if (!canCount(leaf, names, text, value)) continue
      const distance = countWordsBetween(leaf, text, span, value, shared)
      if (distance > best) continue
      found = distance < best ? [value] : [...found, value]
      best = distance
    }
  }
  return found
}

const TIME = stemTerms('time duration period term age second minute hour day week month year')

/** A number of days is no amount: "Net 30 days" says nothing about a net amount. */
function canCount({ kind }: Leaf, names: Names, text: string, { end }: Span): boolean {
  if (kind !== 'number' && kind !== 'integer') return true
  return TIME.some((term) => names.all.has(term)) || !countsTime(text, end)
}

/**
 * Finds denials such as "No data was lost", the only kind of sentence that answers a yes-or-no question
 * alone.
 */
export function findDenial(leaf: Leaf, names: Names, scope: Scope): Found[] {
  if (leaf.kind !== 'boolean' || names.parents.length > 0) return []
  return scope.statements.flatMap(({ span }) => {
    const match = DENIAL.exec(scope.outline.text.slice(span.start, span.end))
    const shared = match ? new Set(stemTerms(match[0]).filter((term) => names.all.has(term))) : new Set()
    if (match === null || shared.size < 2) return []
    const start = span.start + match.index
    return [{ value: false, start, end: start + match[0].length }]
  })
}

const DENIAL = /(?<![\p{L}\p{N}])no(?:\s+[\p{L}-]+){1,5}/iu

const BREAK = /^(?:and|but|while|then|or)$/i

/** Counts the words between a value and the nearest term in the same clause. */
function countWordsBetween(
  { kind }: Leaf,
  text: string,
  span: Span,
  value: Span,
  terms: readonly string[],
): number {
  const isTerm = (word: string) => stemTerms(word).some((term) => terms.includes(term))
  const distance = (words: readonly string[]) => {
    const index = words.findIndex((word) => BREAK.test(word) || isTerm(word))
    return index === -1 || BREAK.test(words[index] ?? '') ? Number.POSITIVE_INFINITY : index
  }
  const before = text.slice(span.start, value.start).match(/\S+/g) ?? []
  const after = text.slice(value.end, span.end).match(/\S+/g) ?? []
  // "resolved at 10:40" names the time before it comes, "412 customers" the number after.
  const isDate = kind === 'date' || kind === 'date-time'
  return Math.min(distance(before.toReversed()) + (isDate ? 0 : 0.5), distance(after) + (isDate ? 0.5 : 0))
}

/**
 * Finds the part after the verb in "The root cause was an expired certificate". Only for names of two words
 * or more.
 */
export function findClause(leaf: Leaf, { own, parents }: Names, span: Span, scope: Scope): Found[] {
  const { text } = scope.outline
  if (own.length < 2 || parents.length > 0) return []
  const sentence = text.slice(span.start, span.end)
  const [before = '', verb = ''] = /^(.*?)(\s(?:was|were|is|are)\s+)/su.exec(sentence)?.slice(1) ?? []
  const terms = stemTerms(before)
  if (verb === '' || !own.every((term) => terms.includes(term)) || terms.length > own.length + 1) return []
  const end = span.end - (/[.!\s]*$/.exec(sentence)?.[0].length ?? 0)
  return readSpanValues(leaf, text, { start: span.start + before.length + verb.length, end }, scope.context)
}
