import { type AnswerRequest, toAnswerRequest } from '#kit/offline/request'
import { createAnswerTasks } from '#kit/offline/tasks'
import type { Context } from './context.ts'
import { toExchange } from './conversation.ts'
import { REFUSAL } from './prompts.ts'
import type { NotesIndex } from './search.ts'

/**
 * What the provider without a key can do here: answer, and remember turns. Its rules are in `kit/offline`.
 */
export const heuristicTasks = createAnswerTasks(REFUSAL)

/** A question with the same material that a model gets, as data: the heuristic provider reads no prompts. */
export function describeCall(
  asked: { question: string; previous: string; memory: string; notes: NotesIndex },
  { sections, turns }: Context,
): { task: 'answer'; input: AnswerRequest } {
  const said = turns.map((turn) => toExchange(turn).question)
  return { task: 'answer', input: toAnswerRequest({ ...asked, sections, said }) }
}
