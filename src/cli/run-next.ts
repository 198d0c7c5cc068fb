import type { NewEvent } from '../commands/new.ts'
import { type NextRequest, type NextResult, nextStep } from '../commands/next.ts'
import type { RoadWorld } from '../commands/road.ts'
import { loadPack } from '../io/packs.ts'
import { progressLine } from '../io/progress-line.ts'
import { gateWorld, type Here } from './gate-world.ts'
import { showNewEvent } from './new-events.ts'
import { nextText } from './next-text.ts'
import { showResult } from './show-result.ts'

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
  const checking = gateWorld(road, terminal, progress)
  return showResult(() => nextStep(request, { checking, making }), {
    json,
    progress,
    isResult,
    textOf: nextText,
  })
}

function isResult(done: unknown): done is NextResult {
  return typeof done === 'object' && done !== null && 'kind' in done
}
