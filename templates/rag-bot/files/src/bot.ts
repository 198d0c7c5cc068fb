import type { BotParts, Question, RunningBot } from '#kit/bot/contract'
import { traceAsk, traceRetrieve } from '#kit/bot/traced'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { createAnswerTask } from '#kit/offline/answer'
import { answerQuestion } from './answer.ts'
import { defuseCitationMarks, REFUSAL } from './prompts.ts'
import { type Retriever, retrieve, type Search } from './retrieve.ts'

/** What the heuristic provider can be asked here, when there is no key. */
export const tasks: HeuristicTasks = {
  answer: createAnswerTask({ refusal: REFUSAL, withoutMarks: defuseCitationMarks }),
}

/** A bot over an index. Tracing wraps it from outside: nothing else in src/ knows of it. */
export function createBot({ llm, ...retriever }: BotParts & Retriever): RunningBot {
  const search = traceRetrieve(retriever.store.name, (search: Search) => retrieve(retriever, search))
  const ask = traceAsk((question: Question) => answerQuestion({ llm, retrieve: search }, question))
  return { ask, retrieve: search }
}
