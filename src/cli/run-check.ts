import { type CheckRequest, type CheckResult, checkGates } from '../commands/check.ts'
import type { RoadWorld } from '../commands/road.ts'
import { UserError } from '../core/errors.ts'
import { print } from '../io/print.ts'
import { progressLine } from '../io/progress-line.ts'
import { gateLines, type Look, stepName, unmetLines } from './gate-lines.ts'
import { gateWorld } from './gate-world.ts'
import { hanging, painter, widthOf } from './lines.ts'

interface Terminal {
  json: boolean
  signal: AbortSignal
  dist: string
}

/** Prints what was found also when it was not enough; the error then says so in one line. */
export async function runCheck(
  request: CheckRequest,
  road: RoadWorld,
  terminal: Terminal,
): Promise<CheckResult> {
  const { json } = terminal
  const progress = progressLine(process.stderr)
  const world = gateWorld(road, terminal, progress)
  const show = async (result: CheckResult) => {
    progress.end()
    const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
    if (!json) await print(process.stdout, textOf(result, look))
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

/** All gates in a line each, then the first that is not met in full: one thing at a time. */
function textOf(result: CheckResult, look: Look): string {
  const blocks = result.steps.flatMap((step) => [stepName(step), ...gateLines(step.gates, look), ''])
  const gates = result.steps.flatMap(({ gates: own }) => own)
  const first = gates.find(
    ({ status, required }) => required && (status === 'failing' || status === 'unknown'),
  )
  const open = first ?? gates.find(({ status }) => status === 'failing' || status === 'unknown')
  const written = result.evidence.map((path) => hanging('Evidence: ', path, look.width))
  const commit = written.length > 0 ? ['Commit it: it is your proof.', ''] : []
  const notes = result.warnings.map((text) => hanging('Note: ', text, look.width))
  const lines = [...blocks, ...written, ...commit, ...notes, ...(open ? [...unmetLines(open, look), ''] : [])]
  return `${lines.join('\n').trimEnd()}\n`
}
