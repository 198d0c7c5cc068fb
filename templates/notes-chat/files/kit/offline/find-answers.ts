import type { Quote, QuotePreference } from '#kit/retrieval/quotes'
import { sumWeights, type TermWeights } from '#kit/retrieval/rerank'
import { type Fact, listFacts, type NotePassage } from './facts.ts'
import { matchLabel } from './kinds.ts'
import type { ReadQuestion } from './question.ts'
import { extractSubjects, toVerb } from './verbs.ts'

const MIN_COVERAGE = 0.55
const MAX_ANSWERS = 3
const CLOSE = 0.93 // of the best score: as good an answer as far as words show

/** How much a term counts that is not in the sentence itself but around it. */
const AROUND = { above: 0.9, continued: 0.9, before: 0.5, paragraph: 0.45 } as const
const PRONOUN = /\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there)\b/i
/** Without a subject, as in "Due on 9 October.": it is about what the sentence before it says. */
const FRAGMENT =
  /^\W*(?:due|done|by|on|at|in|from|until|till|since|before|after|about|around|approx|only|starts|ends|begins|costs|takes|lasts|leaves|needs|closes|opens)\b/i

/**
 * The sentences that hold what the question asks for, about what it asks for, in order of their passages;
 * none when no sentence has both.
 */
export function findAnswers(
  asked: ReadQuestion,
  weights: TermWeights,
  passages: readonly NotePassage[],
  prefers: QuotePreference,
): Quote[] {
  const terms = new Map([...weights].map(([term, weight]) => [toVerb(term), weight]))
  const subject = new Map([...terms].filter(([term]) => asked.subject.includes(term)))
  const wanted = subject.size > 0 ? subject : terms
  const scored = listFacts(passages).flatMap((fact) => {
    const passage = passages[fact.passage]
    const coverage = isAboutName(fact, asked.names) ? scoreCoverage(fact, wanted) : 0
    const isAnswer =
      coverage >= MIN_COVERAGE && holdsAnswer(fact, asked, wanted) && !isOtherTime(asked.question, fact.said)
    if (passage === undefined || !isAnswer) return []
    return [{ ...fact, score: rateFact(fact, asked, coverage, wanted) * prefers(passage) }]
  })
  return chooseBest(scored, wanted)
}

function chooseBest(scored: readonly (Fact & { score: number })[], wanted: TermWeights): Quote[] {
  const best = Math.max(0, ...scored.map(({ score }) => score))
  const close = scored.filter(({ score }) => score >= CLOSE * best).sort((a, b) => b.score - a.score)
  const texts = new Set<string>()
  const chosen = close.filter(({ text }) => !texts.has(text) && texts.add(text)).slice(0, MAX_ANSWERS)
  return chosen
    .sort((a, b) => a.place - b.place)
    .map((fact) => ({ passage: fact.passage, place: fact.place, text: addContext(fact, wanted) }))
}

/** "There are 19 of them." says little without the sentence before it. */
function addContext({ text, own, before, previous }: Fact, wanted: TermWeights): string {
  const terms = [...wanted.keys()]
  const isContinued = !terms.some((term) => own.has(term)) && terms.some((term) => before.has(term))
  return isContinued ? `${previous} ${text}` : text
}

function isAboutName({ own, above, before, paragraph }: Fact, names: ReadonlySet<string>): boolean {
  const said = [own, above, before, paragraph]
  return names.size === 0 || [...names].some((name) => said.some((terms) => terms.has(name)))
}

function scoreCoverage(fact: Fact, wanted: TermWeights): number {
  const isContinued = PRONOUN.test(fact.text) || FRAGMENT.test(fact.text)
  const places: readonly (readonly [ReadonlySet<string>, number])[] = [
    [fact.own, 1],
    [fact.above, AROUND.above],
    [fact.before, isContinued ? AROUND.continued : AROUND.before],
    [fact.paragraph, AROUND.paragraph],
  ]
  const scores = [...wanted].map(([term, weight]) => {
    const [, share] = places.find(([terms]) => terms.has(term)) ?? [undefined, 0]
    return weight * share
  })
  const total = sumWeights(wanted.keys(), wanted)
  return total === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / total
}

function holdsAnswer({ said, own }: Fact, { kind, question }: ReadQuestion, wanted: TermWeights): boolean {
  const asked = new Set(wanted.keys())
  const label = matchLabel(said, kind, asked)
  if (label === 'other' && kind.label !== undefined) return false
  if (label === 'same' && !kind.isStrict) return true
  const share = [...asked].filter((term) => own.has(term)).length / asked.size
  const looked = { sentence: said, question, asked, isAbout: share >= 0.5 }
  return kind.holds(looked) || (share === 1 && (kind.nearlyHolds?.(looked) ?? false))
}

/** Next to what a sentence covers: its label, and whether it is about the next or the last time. */
function rateFact(
  { own, said, isHeading }: Fact,
  { carriers, kind, question }: ReadQuestion,
  coverage: number,
  wanted: TermWeights,
): number {
  const share = [...wanted.keys()].filter((term) => own.has(term)).length / wanted.size
  const asked = new Set(wanted.keys())
  const isLabelled = matchLabel(said, kind, asked) === 'same'
  const labelled = isLabelled ? 0.2 : carriers.some((term) => own.has(term) && !CALENDAR.has(term)) ? 0.1 : 0
  const looked = { sentence: said, question, asked, isAbout: share >= 0.5 }
  const preferred = kind.prefers?.(looked) ? 0.08 : 0
  return (coverage + 0.2 * share + labelled + preferred) * (isHeading ? 0.8 : 1) * rateTime(question, said)
}

/** In a note these words count time more often than they name what is asked for. */
const CALENDAR = new Set(extractSubjects('date day time hour year month week weekday'))
const NEXT = /\bnext\b(?! to\b)/i
const LAST = /\b(?:last|previous)\b/i
const PAST = /\b(?:was|were|did|had)\b/i

/** "Last service: May" does not say when the next one is. */
function isOtherTime(question: string, said: string): boolean {
  const [asks, other] = NEXT.test(question) ? [NEXT, LAST] : [LAST, NEXT]
  return asks.test(question) && other.test(said) && !asks.test(said)
}

/** "Next meeting: 8 February" hardly says when one was. */
function rateTime(question: string, said: string): number {
  if (NEXT.test(said) && !NEXT.test(question)) return PAST.test(question) ? 0.6 : 0.9
  return NEXT.test(said) || (LAST.test(said) && LAST.test(question)) ? 1.15 : 1
}
