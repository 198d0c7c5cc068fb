import type { HeuristicTasks } from '#kit/llm/heuristic'
import { summariseHeuristically } from './summarise.ts'

/** The tasks of the offline provider, by the name in a question. */
export const offlineTasks: HeuristicTasks = { summarise: summariseHeuristically }
