import { types } from 'node:util'
import { createContext, Script } from 'node:vm'

const call = new Script('work()')
const sandbox = { work: () => {} }
const context = createContext(sandbox)

/**
 * Runs synchronous work with a time limit, such as a case's pattern on a model's text: some patterns would
 * run for years. Throws when it takes longer than `ms`. It limits time only and is not a sandbox.
 */
export function limitTime<T>(ms: number, work: () => T): T {
  const results: T[] = []
  sandbox.work = () => {
    results.push(work())
  }
  try {
    call.runInContext(context, { timeout: ms })
  } catch (error) {
    if (isTimeout(error)) throw new Error(`gave up after ${ms} ms`, { cause: error })
    throw error
  }
  for (const result of results) return result
  throw new Error('the work did not run')
}

function isTimeout(error: unknown): boolean {
  // Of the other context, whose Error is another class.
  return types.isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
