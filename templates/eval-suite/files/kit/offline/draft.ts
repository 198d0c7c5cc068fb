import * as z from 'zod'
import { splitSentences } from '#kit/text/sentences'

const passage = z.object({ heading: z.string(), text: z.string() })

const SHORTEST = 5 // words
const LONGEST = 30
const MONTH = 'January|February|March|April|May|June|July|August|September|October|November|December'
/** Words after a number that do not say what it counts. */
const NO_UNIT =
  'and|are|as|at|by|for|from|has|in|is|it|of|on|or|per|that|the|they|to|was|were|when|which|with'
const SPAN = /^\d[\d,.]* (?:second|minute|hour|day|week|month|year)s?$/
const DAY = new RegExp(`^\\d{1,2} (?:${MONTH})|^(?:${MONTH}) \\d|day$`)

/** What a sentence states that can be asked for, the most telling first. */
const FACTS = [
  /[$€£]\s?\d[\d,.]*\d|[$€£]\s?\d/,
  /(?<![\d:])\d{1,2}:\d{2}(?![\d:])/,
  new RegExp(`\\b\\d{1,2} (?:${MONTH})\\b(?: \\d{4})?|\\b(?:${MONTH}) \\d{1,2}\\b(?:, \\d{4})?`),
  /\b\d[\d,.]*\s?%/,
  new RegExp(`(?<![\\w.-])\\d[\\d,]*(?:\\.\\d+)? (?!(?:${NO_UNIT})\\b)[a-zA-Z]{2,}\\b`),
  /\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b/,
  /(?<=`)[^`]{3,40}(?=`)/,
]

/** A sentence up to the answer, and the question that it answers. Each gets what follows the answer as well. */
interface Rule {
  before: RegExp
  /** What the answer must look like. */
  answer?: RegExp
  ask(groups: readonly string[], after: string): string
}

const SUBJECT = '((?:The |Our |Its |Each |Every |An? |All )?[^,;:()]{3,70}?)'

const RULES: Rule[] = [
  { before: rule(`${SUBJECT} costs? `), ask: ([subject], after) => `How much does ${subject} cost${after}?` },
  {
    before: rule(`${SUBJECT} takes? `),
    answer: SPAN,
    ask: ([subject], after) => `How long does ${subject} take${after}?`,
  },
  ...[
    ['for', SPAN, 'For how long'],
    ['after', SPAN, 'After how long'],
    ['within', SPAN, 'Within what time'],
    ['at', /^\d{1,2}:\d{2}$/, 'At what time'],
    ['on', DAY, 'On which day'],
  ].map(([word, answer, asked]) => ({
    before: rule(
      `${SUBJECT} (is|are|was|were|must be|can be|may be) ([a-z]+(?:ed|pt|ut|nt|ad|de|un)) ${word} (?:at most |up to )?`,
    ),
    answer: answer as RegExp,
    ask: ([subject, verb = '', done]: readonly string[], after: string) => {
      const [first, ...rest] = verb.split(' ')
      return `${asked} ${first} ${subject} ${[...rest, done].join(' ')}${after}?`
    },
  })),
  {
    before: rule(`((?:The|Our|Its|Each|Every|An?) [^,;:()]{3,70}?) (?:is|was) (?:at most |up to )?`),
    ask: ([subject]) => `What is ${subject}?`,
  },
]

function rule(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`)
}

interface Draft {
  question: string
  answer: string
  /** Whether a rule gave the question; else it asks for what belongs in a gap. */
  isAsked: boolean
}

/**
 * Drafts a question about a sentence of a passage that states an amount, a date, a day or a marked term: with that as
 * the answer. It understands nothing: where no rule gives a question, it asks for what belongs in a gap. `{}` when no
 * sentence states anything of the kind.
 */
export function draftFromPassage(input: unknown): string {
  const { heading, text } = passage.parse(input)
  const drafts = text
    .split('\n\n')
    .flatMap((paragraph) =>
      splitSentences(stripMarks(paragraph)).flatMap((sentence) => draftFromSentence(sentence, heading)),
    )
  const { question, answer } = drafts.find(({ isAsked }) => isAsked) ?? drafts[0] ?? {}
  return JSON.stringify({ question, answer })
}

/** Text as a reader sees it, but for code marks, which show what a name is. */
function stripMarks(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\*\*?/g, '')
}

function draftFromSentence(sentence: string, heading: string): Draft[] {
  const words = sentence.split(' ').length
  if (words < SHORTEST || words > LONGEST || !/^[A-Z`\d].*[.!]$/.test(sentence) || /: |\|/.test(sentence))
    return []
  const stem = sentence.slice(0, -1)
  for (const fact of FACTS) {
    const answer = fact.exec(stem)?.[0]
    if (answer === undefined) continue
    const at = stem.indexOf(answer)
    const [before, after] = [stem.slice(0, at), stem.slice(at + answer.length)]
    const asked = askByRule(before, answer, after)
    return [
      { question: asked ?? askForGap(`${before}…${after}`, heading), answer, isAsked: asked !== undefined },
    ]
  }
  return []
}

/** Only where little follows the answer: then the rule has seen all of the sentence. */
function askByRule(before: string, answer: string, after: string): string | undefined {
  if (after.split(' ').length > 5 || /[,;:()]/.test(after)) return undefined
  for (const { before: pattern, answer: wanted, ask } of RULES) {
    const found = pattern.exec(before)
    if (found && (wanted === undefined || wanted.test(answer)))
      return ask([lowerFirst(found[1] ?? ''), ...found.slice(2)], after)
  }
  return undefined
}

function askForGap(text: string, heading: string): string {
  return `${heading === '' ? '' : `${heading}: `}what belongs in the gap in "${text}"?`
}

function lowerFirst(text: string): string {
  return /^(?:The|Our|Its|Each|Every|An?|All) /.test(text)
    ? `${text[0]?.toLowerCase()}${text.slice(1)}`
    : text
}
