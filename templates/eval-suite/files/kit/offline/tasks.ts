import type { HeuristicTasks } from '#kit/llm/heuristic'
import { answerFromText } from './answer.ts'
import { draftFromPassage } from './draft.ts'
import { judgeHeuristically } from './judge.ts'

export const heuristicTasks: HeuristicTasks = {
  answer: answerFromText,
  draft: draftFromPassage,
  judge: judgeHeuristically,
}
