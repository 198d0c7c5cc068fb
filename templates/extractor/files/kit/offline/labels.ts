const STOP_WORDS = new Set(
  'a an the of at in on for to by is was were be been and or which who what when where how it its this that such as if with from has have had not any each one whether there'.split(
    ' ',
  ),
)

/**
 * Splits a name or a text into stemmed terms without stop words: `startedAt` and "Started at" both give
 * `start`.
 */
export function stemTerms(text: string): string[] {
  const words =
    text
      .replaceAll('#', ' number ')
      .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  const telling = words.filter((word) => !STOP_WORDS.has(word))
  // A field may well be called `from` or `to`.
  return (telling.length > 0 ? telling : words).map(stem)
}

/** A crude stemmer; both sides of a comparison use it. */
function stem(word: string): string {
  if (word.length < 4) return word
  return word
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '')
    .replace(/(?<=.{3})(?:ed|ing)$/, '')
    .replace(/e$/, '')
    .replace(/([^aeiou])\1$/, '$1')
}

// `durationMinutes` is what documents call "Duration".
const UNITS = stemTerms('milliseconds ms seconds minutes hours days usd eur gbp')

/** The names of a field: its key, and the phrases of its description. */
export interface Names {
  own: readonly string[]
  /**
   * Names of the object that holds the field: "commander", "incident lead" for `commander.name`. Empty at the
   * top.
   */
  parents: readonly (readonly string[])[]
  /** "root cause, cause": each is a name as well. */
  phrases: readonly (readonly string[])[]
  all: ReadonlySet<string>
}

export function collectNames(field: { name: string; description: string }, parent?: Names): Names {
  const words = stemTerms(field.name)
  const own = words.some((term) => !UNITS.includes(term))
    ? words.filter((term) => !UNITS.includes(term))
    : words
  const phrases = field.description
    .split(/[,;:.()/]|\b(?:or|and|such as)\b/)
    .map(stemTerms)
    .filter((phrase) => phrase.length > 0)
  const parents = parent ? [parent.own, ...parent.phrases].sort((a, b) => b.length - a.length) : []
  return { own, parents, phrases, all: new Set([...own, ...phrases.flat()]) }
}

/** Words for the kind of a value, which say nothing about its subject. */
export const GENERIC: ReadonlySet<string> = new Set(
  stemTerms(
    'number date time name email phone address amount value total count list text item id code key type kind unit iso minutes seconds hours days',
  ),
)

/**
 * Scores how well a label in the document names the field, 0 to 1. For a field inside an object, the object
 * must be named too, in the label or in a heading above: "Name" alone could belong to any person.
 */
export function scoreLabel(names: Names, label: string, section: readonly string[] = []): number {
  const terms = stemTerms(label)
  if (names.parents.length === 0) return scoreOwnName(names, terms)
  // "Ship to" needs no "Shipping" above it.
  const isTelling = terms.some((term) => !GENERIC.has(term))
  if (isTelling && names.phrases.some((phrase) => hasSameTerms(phrase, terms))) return 0.8
  const named = names.parents.find((parent) => isSubset(parent, terms))
  const rest = named ? terms.filter((term) => !named.includes(term)) : terms
  const above = section.slice(-1).flatMap(stemTerms)
  if (named === undefined && !names.parents.some((parent) => isSubset(parent, above))) return 0
  return rest.length > 0 ? scoreOwnName(names, rest) : PARENT_ALONE
}

/**
 * Score of a label that names only the object: "Commander: Ada Smith <ada@example.com>" holds a name and an
 * address.
 */
export const PARENT_ALONE = 0.55

function scoreOwnName({ own, phrases, all }: Names, label: readonly string[]): number {
  if (label.length === 0) return 0
  if (hasSameTerms(own, label)) return 1
  if (phrases.some((phrase) => hasSameTerms(phrase, label))) return 0.9
  if (isSubset(own, label) && label.length <= own.length + 2) return 0.7
  // "Date" is no name for a due date.
  if (!label.every((term) => all.has(term)) || label.every((term) => GENERIC.has(term))) return 0
  if (label.length > 1) return 0.6
  return own.includes(label[0] ?? '') ? 0.5 : 0.4
}

function isSubset(terms: readonly string[], others: readonly string[]): boolean {
  return terms.every((term) => others.includes(term))
}

function hasSameTerms(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((term) => b.includes(term))
}
