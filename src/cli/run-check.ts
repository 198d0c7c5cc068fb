import { type CheckRequest, type CheckResult, checkGates } from '../commands/check.ts'
import type { RoadWorld } from '../commands/road.ts'
import { progressLine } from '../io/progress-line.ts'
import { checkText } from './check-text.ts'
import { gateWorld, type Here } from './gate-world.ts'
import { reportToGithub } from './github-report.ts'
import { showResult } from './show-result.ts'

/** Prints what was found also when it was not enough. */
export async function runCheck(request: CheckRequest, road: RoadWorld, terminal: Here): Promise<CheckResult> {
  const { json } = terminal
  const progress = progressLine(process.stderr)
  const world = gateWorld(road, terminal, progress)
  const toGithub = (result: CheckResult) => reportToGithub(result, { json, env: process.env })
  return showResult(() => checkGates(request, world), {
    json,
    progress,
    isResult,
    textOf: checkText,
    ...(request.record ? {} : { andThen: toGithub }),
  })
}

function isResult(done: unknown): done is CheckResult {
  return typeof done === 'object' && done !== null && 'steps' in done
}
