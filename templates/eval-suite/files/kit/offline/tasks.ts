import type { HeuristicTasks } from '#kit/llm/heuristic'
import { answerFromText } from './answer.ts'
import { heuristicJudge } from './judge.ts'

export const heuristicTasks: HeuristicTasks = { answer: answerFromText, judge: heuristicJudge }
