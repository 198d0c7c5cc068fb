import { type CheckRequest, type CheckResult, checkGates } from '../commands/check.ts'
import type { RoadWorld } from '../commands/road.ts'
import { UserError } from '../core/errors.ts'
import { print } from '../io/print.ts'
import { progressLine } from '../io/progress-line.ts'
import { checkText } from './check-text.ts'
import { gateWorld, type Here } from './gate-world.ts'
import { reportToGithub } from './github-report.ts'
import { painter, widthOf } from './lines.ts'

/** Prints what was found also when it was not enough; the error then says so in one line. */
export async function runCheck(request: CheckRequest, road: RoadWorld, terminal: Here): Promise<CheckResult> {
  const { json } = terminal
  const progress = progressLine(process.stderr)
  const world = gateWorld(road, terminal, progress)
  const show = async (result: CheckResult) => {
    progress.end()
    const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
    if (!json) await print(process.stdout, checkText(result, look))
    if (!request.record) await reportToGithub(result, { json, env: process.env })
  }
  try {
    const result = await checkGates(request, world)
    await show(result)
    return result
  } catch (error) {
    if (error instanceof UserError && isResult(error.done)) await show(error.done)
    throw error
  } finally {
    progress.end()
  }
}

function isResult(done: unknown): done is CheckResult {
  return typeof done === 'object' && done !== null && 'steps' in done
}
