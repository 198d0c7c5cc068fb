import type { NewEvent } from '../commands/new.ts'
import { type NextRequest, type NextResult, nextStep } from '../commands/next.ts'
import type { RoadWorld } from '../commands/road.ts'
import { UserError } from '../core/errors.ts'
import { loadPack } from '../io/packs.ts'
import { print } from '../io/print.ts'
import { progressLine } from '../io/progress-line.ts'
import { gateWorld, type Here } from './gate-world.ts'
import { painter, widthOf } from './lines.ts'
import { showNewEvent } from './new-events.ts'
import { nextText } from './next-text.ts'

/** Runs `next` with the terminal as its world. */
export async function runNext(request: NextRequest, road: RoadWorld, terminal: Here): Promise<NextResult> {
  const { json, signal, dist } = terminal
  const progress = progressLine(process.stderr)
  const mayAsk = !json && !request.yes && Boolean(process.stdin.isTTY && process.stderr.isTTY)
  const making = {
    catalogue: road.catalogue,
    packOf: (owner: string) => loadPack(dist, owner),
    ask: mayAsk ? (await import('../io/ask.ts')).terminalAsk : undefined,
    signal,
    env: process.env,
    now: () => new Date(),
    tell: (event: NewEvent) => (json ? undefined : showNewEvent(event, progress)),
  }
  const show = async (result: NextResult) => {
    progress.end()
    const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
    if (!json) await print(process.stdout, nextText(result, look))
  }
  try {
    const result = await nextStep(request, { checking: gateWorld(road, terminal, progress), making })
    await show(result)
    return result
  } catch (error) {
    if (error instanceof UserError && isResult(error.done)) await show(error.done)
    throw error
  } finally {
    progress.end()
  }
}

function isResult(done: unknown): done is NextResult {
  return typeof done === 'object' && done !== null && 'kind' in done
}
