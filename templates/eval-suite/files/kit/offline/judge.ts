import { z } from 'zod'
import { extractNumbers } from '#kit/evals/numbers'
import type { HeuristicTask } from '#kit/llm/heuristic'
import { extractTerms } from '#kit/retrieval/terms'

const material = {
  question: z.string(),
  reference: z.string(),
  sources: z.array(z.string()),
  mark: z.string(),
}
const input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('score'), ...material, answer: z.string(), levels: z.array(z.number()).min(2) }),
  z.object({ kind: z.literal('prefer'), ...material, answers: z.tuple([z.string(), z.string()]) }),
])

/**
 * Replaces a judge when no model is set: it compares the words and numbers of an answer with those of the
 * reference. It understands nothing, takes other words for a wrong answer, and sees a lost "not" only by the
 * word. Reports name it `heuristic judge`.
 */
export const judgeHeuristically: HeuristicTask = (value) => {
  const judged = input.parse(value)
  if (judged.kind === 'score') {
    const share = scoreLikeness(judged.answer, judged)
    const level = judged.levels[Math.floor(share * (judged.levels.length - 1))]
    return `words compared, ${Math.round(share * 100)}% like the reference\n${judged.mark}: ${level}`
  }
  const [first, second] = judged.answers.map((answer) => scoreLikeness(answer, judged))
  const choice = first === second ? 'neither' : (first ?? 0) > (second ?? 0) ? 'first' : 'second'
  return `words compared\n${judged.mark}: ${choice}`
}

const DENIALS = /\b(?:not|no|never|none|cannot|without|nor)\b|n['’]t\b/gi
const HELD_BACK = 0.5 // of the likeness, for a number or a denial that the reference does not have

function scoreLikeness(
  answer: string,
  { question, reference, sources }: { question: string; reference: string; sources: string[] },
): number {
  const wanted = new Set(extractTerms(reference === '' ? sources.join('\n') : reference))
  const asked = new Set(extractTerms(question))
  // What the question says already proves nothing.
  const telling = [...wanted].filter((term) => !asked.has(term))
  const terms = telling.length > 0 ? telling : [...wanted]
  if (terms.length === 0) return 0
  const said = new Set(extractTerms(answer))
  const share = terms.filter((term) => said.has(term)).length / terms.length
  const known = new Set(
    extractNumbers(`${reference}\n${sources.join('\n')}\n${question}`).flatMap(({ readings }) => readings),
  )
  const invents = extractNumbers(answer).some(
    ({ readings }) => !readings.some((reading) => known.has(reading)),
  )
  const denies = hasDenial(answer) !== hasDenial(reference)
  return share * (invents ? HELD_BACK : 1) * (denies ? HELD_BACK : 1)
}

function hasDenial(text: string): boolean {
  return text.search(DENIALS) >= 0
}
