import { Cancelled } from '../core/errors.ts'
import { type Ask, BACK, type Back } from '../io/ask.ts'

/**
 * Asks one question and adds its answer to the draft. Undefined when there is nothing to ask: the answer was
 * given, or has only one value.
 */
export type Question<Draft> = (draft: Draft, ask: Ask) => Promise<Draft | Back | undefined>

/**
 * Asks questions in order. Esc returns to the question before, with all answers kept, so that a question can
 * offer its earlier answer. Throws `Cancelled` for Esc at the first question.
 */
export async function askInOrder<Draft>(
  questions: readonly Question<Draft>[],
  start: Draft,
  ask: Ask,
): Promise<Draft> {
  const asked: number[] = []
  let draft = start
  let at = 0
  for (let question = questions[at]; question; question = questions[at]) {
    const answer = await question(draft, asked.length === 0 ? ask : addBackHint(ask))
    if (answer === BACK) {
      const before = asked.pop()
      if (before === undefined) throw new Cancelled('SIGINT', 'Nothing was written')
      at = before
      continue
    }
    if (answer !== undefined) asked.push(at)
    draft = answer ?? draft
    at += 1
  }
  return draft
}

function addBackHint(ask: Ask): Ask {
  const withHint = (message: string) => `${message} (Esc goes back)`
  return {
    choose: (message, ...more) => ask.choose(withHint(message), ...more),
    line: (message, ...more) => ask.line(withHint(message), ...more),
  }
}
