import { createHash } from 'node:crypto'
import type { JSONValue } from '@ai-sdk/provider'
import type { ObjectField } from '#kit/fields/field'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { extractHeuristically } from './extract.ts'

/**
 * The first call of split-in-two. The heuristic provider gets the whole document as data and returns it
 * unchanged.
 */
export const PASSAGES_TASK = 'passages'

/** Named after the schema, so that one provider can serve several. */
export function nameTask(root: ObjectField): string {
  return `extract ${createHash('sha256').update(JSON.stringify(root)).digest('hex').slice(0, 8)}`
}

/** What the heuristic provider can be asked about documents of this schema. */
export function createOfflineTasks(root: ObjectField): HeuristicTasks {
  const text = (input: JSONValue) => String(input)
  return {
    [nameTask(root)]: (input) => JSON.stringify(extractHeuristically(root, text(input))),
    [PASSAGES_TASK]: text,
  }
}
