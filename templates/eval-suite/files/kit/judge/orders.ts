import { isInjection } from '#kit/retrieval/injection'
import { removeSentences } from '#kit/text/sentences'

/** Phrases that speak to the grader and that no reader needs. */
const TO_A_GRADER: readonly RegExp[] = [
  /\bverdict\b/i,
  /^\s*<\/?document(?:-\d+)?>\s*$/i,
  /\b(?:to|for|dear|hey|hello|attention)\W{1,3}(?:the |all |any |my )?(?:graders?|judges?|evaluators?|examiners?)\b/i,
  /\b(?:score|grade|rating|mark|level|points?)\s*(?:is|are|of)?\s*[:=]?\s*["'(]?(?:\d+\s*(?:\/|out of)\s*\d+|ten\b|five\b|full\b|max|top\b|highest\b|perfect\b|pass\b)/i,
  /\b(?:score|grade|rating|mark|level)\s*[:=]\s*\d/i,
  /\b(?:give|award|assign|output|return|respond|reply|rate|grade|score|mark)\b.{0,50}\b(?:score|grade|rating|mark|marks|level|points?|stars?|\d+\s*\/\s*\d+|as (?:correct|right|perfect))\b/i,
  /\b(?:score|grade|rate|mark)\s+(?:it|this|the answer|me)\b/i,
  /\bscore\s+\d+\b/i,
  /\b(?:graders?|judges?|evaluators?|examiners?|reviewers?)\b\W.{0,80}\b(?:must|should|shall|please|note|score|give|ignore|rate|pass|accept|award)\b/i,
  /\b(?:this|the) (?:answer|response|reply)\b.{0,30}\b(?:deserves?|earns?|merits?|is (?:fully |completely |entirely )?(?:correct|perfect|right)|meets (?:all|every)|should (?:pass|get|receive|be))\b/i,
  /\b(?:meets|satisfies|fulfils)\b.{0,20}\b(?:rubric|criteria|criterion|highest level)\b/i,
]

export interface Cleaned {
  text: string
  /** Sentences that were left out. */
  removed: string[]
}

/**
 * Removes the sentences of an answer that speak to its grader: they are not part of the answer, and a judge
 * that obeys them measures nothing. Patterns catch the usual wordings of such attacks; `judge:check` shows
 * whether the judge obeys the others.
 */
export function removeOrders(answer: string): Cleaned {
  const removed: string[] = []
  // Invisible characters hide words from patterns, but not from a model.
  const visible = answer.normalize('NFKC').replaceAll(/\p{Cf}/gu, '')
  const kept = removeSentences(visible, (sentence) => {
    const unwanted = isOrder(sentence)
    if (unwanted) removed.push(sentence)
    return unwanted
  })
  return { text: kept.replaceAll(/\n{3,}/g, '\n\n').trim(), removed }
}

const LONGEST = 2_000 // characters that the patterns are tried on

function isOrder(sentence: string): boolean {
  const start = sentence.slice(0, LONGEST)
  return isInjection(start) || TO_A_GRADER.some((pattern) => pattern.test(start))
}
