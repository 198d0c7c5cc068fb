import { type Fingerprint, isNearlyTheSame, isTakenFrom, takeFingerprint } from '../similarity.ts'
import { listNames } from '../words.ts'
import { type EvalCase, findStrings, makeRepeatKey } from './cases.ts'
import { type FileFact, findOwnFiles, type Samples } from './own-files.ts'

export interface OwnRules {
  /** The field in which a case names its documents, if each has to be about one of the learner's. */
  field: string | undefined
  /** Documents that may be the learner's own. */
  documents: readonly FileFact[]
  samples: Samples
}

/** A case that a learner may think counts as theirs. */
export interface NotCounted {
  id: string
  /** Why it does not, as the end of "not counted: ID". */
  why: string
}

export interface SortedCases {
  own: EvalCase[]
  /** Without the cases that a template ships. */
  notCounted: NotCounted[]
}

/** Sorts out the cases with new ids and new words, about documents that are also the learner's. */
export function sortCases(cases: readonly EvalCase[], rules: OwnRules): SortedCases {
  const mine = findOwnFiles(rules.documents, rules.samples).map(({ path }) => path)
  const counted: Counted[] = []
  const notCounted: NotCounted[] = []
  for (const one of cases) {
    const words = takeFingerprint(one.text)
    const candidate = { one, words, key: makeRepeatKey(one, rules.field) }
    if (rules.samples.caseIds.has(one.id) && isTakenFrom(words, rules.samples.cases)) continue
    const why = findObjection(candidate, { ...rules, mine, counted })
    if (why === undefined) counted.push(candidate)
    else notCounted.push({ id: one.id, why })
  }
  return { own: counted.map(({ one }) => one), notCounted }
}

interface Counted {
  one: EvalCase
  words: Fingerprint
  key: string
}

interface Sorting extends OwnRules {
  /** Paths of documents that are the learner's own. */
  mine: readonly string[]
  counted: readonly Counted[]
}

/** Why a case does not count as the learner's; undefined when it does. */
function findObjection({ one, words, key }: Counted, sorting: Sorting): string | undefined {
  const { samples, counted } = sorting
  if (findStrings(one.value, 'tags').includes('draft'))
    return 'a draft: review it, then remove its tag "draft"'
  if (samples.caseIds.has(one.id)) return 'a template ships a case with this id: choose another id'
  const about = findForeignDocument(one, sorting)
  if (about !== undefined) return about
  const twin = counted.find((other) => other.key === key)
  if (twin) return `the same as ${twin.one.id}, apart from numbers`
  const like = counted.find((other) => isNearlyTheSame(words, other.words))
  if (like) return `nearly the same as ${like.one.id}`
  return isTakenFrom(words, samples.cases) ? 'a shipped case in other words' : undefined
}

/** Why a case is not about one of the learner's documents; undefined when it is, or need not be. */
function findForeignDocument({ value }: EvalCase, { field, documents, mine }: Sorting): string | undefined {
  if (field === undefined) return undefined
  const names = findStrings(value, field)
  const isOneOf = (paths: readonly string[], name: string) =>
    paths.some((path) => `/${path}`.endsWith(`/${name}`))
  if (names.some((name) => isOneOf(mine, name))) return undefined
  const [first] = names
  if (first === undefined) return `names no document in "${field}"`
  const isThere = isOneOf(
    documents.map(({ path }) => path),
    first,
  )
  return isThere ? `${first} is a shipped document, or a copy` : `there is no document ${first}`
}

const MOST_REASONS = 3
const MOST_IDS = 3

/** `; not counted: rest, oven (bread.md is a shipped document, or a copy)`; empty when all count. */
export function describeNotCounted(notCounted: readonly NotCounted[]): string {
  const reasons = [...new Set(notCounted.map(({ why }) => why))]
  const shown = reasons.slice(0, MOST_REASONS).map((why) => {
    const ids = notCounted.filter((one) => one.why === why).map(({ id }) => id)
    return `${listNames(ids, MOST_IDS)} (${why})`
  })
  const shownReasons = reasons.slice(0, MOST_REASONS)
  const left = notCounted.filter(({ why }) => !shownReasons.includes(why)).length
  if (shown.length === 0) return ''
  return `; not counted as yours: ${shown.join('; ')}${left > 0 ? `; and ${left} more` : ''}`
}
