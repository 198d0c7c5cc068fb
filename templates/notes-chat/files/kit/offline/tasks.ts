import type { HeuristicTasks } from '#kit/llm/heuristic'
import { answerFromNotes } from './answer.ts'
import { rememberTurns } from './memory.ts'

/** The tasks of the embedded heuristic provider. `refusal`: the answer when the notes do not hold one. */
export function createAnswerTasks(refusal: string): HeuristicTasks {
  return {
    answer: (input) => answerFromNotes(input, refusal),
    remember: (input) => rememberTurns(input, refusal),
  }
}
