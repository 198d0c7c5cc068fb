import type { HeuristicTasks } from '#kit/llm/heuristic'
import { summariseHeuristically } from './summarise.ts'

/** What the offline provider can do, by the task that a question names. */
export const offlineTasks: HeuristicTasks = { summarise: summariseHeuristically }
