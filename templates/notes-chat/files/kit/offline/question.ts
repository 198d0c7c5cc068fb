import { KINDS, type Kind } from './kinds.ts'
import { removeValues } from './values.ts'
import { extractAsked } from './verbs.ts'

export interface ReadQuestion {
  question: string
  kind: Kind
  /** Terms of the subject, without those that only ask. */
  subject: readonly string[]
  carriers: readonly string[]
  /** Of the names in it: what is said of others is no answer. */
  names: ReadonlySet<string>
}

/** "Pick up" and "find out": what is asked about is in the verb. */
const PARTICLES = new Set(['up', 'out', 'down', 'along', 'away', 'back', 'around'])
const QUESTION_WORD = /\b(?:who(?:m|se)?|when|where|how|what|which)(?:['’]s)?\b.*/is

/**
 * Reads what kind of thing a question asks for, about its own subject and that of the question before it.
 * undefined: for nothing that the letters of a sentence show.
 */
export function readQuestion(question: string, previous = ''): ReadQuestion | undefined {
  const [asked = ''] = QUESTION_WORD.exec(question) ?? []
  const rest = asked.replace(/^(\w+)['’]s\b/i, '$1 is')
  const kind = KINDS.find(({ asks }) => asks.test(rest))
  if (kind === undefined) return undefined
  const only = new Set(extractAsked(kind.carriers))
  const terms = [...new Set(extractAsked(question))]
  const before = readQuestion(previous)?.subject ?? extractAsked(previous)
  const subject = [
    ...new Set([...terms.filter((term) => !only.has(term) && !PARTICLES.has(term)), ...before]),
  ]
  const carriers = terms.filter((term) => only.has(term))
  return { question, kind, subject, carriers, names: readNames(question) }
}

/** The terms of words with a capital inside a question: of "When did Jonas join?", that of Jonas. */
export function readNames(question: string): Set<string> {
  const words =
    removeValues(question, 'DATE', 'TIME').match(/(?<=[\p{L}\p{N}'’,] )\p{Lu}[\p{L}\p{N}'’-]+/gu) ?? []
  return new Set(words.flatMap(extractAsked))
}
