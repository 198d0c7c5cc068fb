import { UserError } from '../core/errors.ts'
import { print } from '../io/print.ts'
import type { progressLine } from '../io/progress-line.ts'
import type { Look } from './gate-lines.ts'
import { painter, widthOf } from './lines.ts'

interface Showing<T> {
  json: boolean
  progress?: ReturnType<typeof progressLine>
  /** Whether what an error says was done is this command's result. */
  isResult: (done: unknown) => done is T
  textOf: (result: T, look: Look) => string
  /** What else is told of a result. */
  andThen?: (result: T) => Promise<void>
}

/** Does a command's work and prints its result, also when that was not enough: the error, which goes on, then says so in one line. */
export async function showResult<T>(work: () => Promise<T>, showing: Showing<T>): Promise<T> {
  const { progress, isResult } = showing
  try {
    const result = await work()
    await show(result, showing)
    return result
  } catch (error) {
    if (error instanceof UserError && isResult(error.done)) await show(error.done, showing)
    throw error
  } finally {
    progress?.end()
  }
}

async function show<T>(result: T, { json, progress, textOf, andThen }: Showing<T>): Promise<void> {
  progress?.end()
  const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
  if (!json) await print(process.stdout, textOf(result, look))
  await andThen?.(result)
}
