import type { CheckRequest, CheckResult } from '../commands/check.ts'
import { type RoadWorld, readRoad } from '../commands/road.ts'
import { EXIT, UsageError, UserError } from '../core/errors.ts'
import { print } from '../io/print.ts'
import { fingerprintOf, untilChanged } from '../io/watch.ts'
import type { Here } from './gate-world.ts'
import { hanging, widthOf } from './lines.ts'
import { runCheck } from './run-check.ts'

/** Checks again whenever something changes, until it is stopped. What would cost money or ask the network is left out. */
export async function watchGates(request: CheckRequest, road: RoadWorld, here: Here): Promise<CheckResult> {
  if (here.json)
    throw new UsageError('--watch has no end, and --json prints one document', 'Leave one of them out')
  const limits = { ...request, offline: true, yes: false }
  const directories = watched(request, road)
  for (;;) {
    const before = fingerprintOf(directories)
    if (process.stdout.isTTY) await print(process.stdout, '\u001b[2J\u001b[H')
    await once(limits, road, here)
    const text = 'Watching for changes; what asks the network is left out. Ctrl-C ends.'
    await print(process.stdout, `\n${hanging('', text, widthOf(process.stdout))}\n`)
    await untilChanged(directories, before, here.signal)
  }
}

/** Gates that are not met are what somebody watches for; they end nothing. */
async function once(request: CheckRequest, road: RoadWorld, here: Here): Promise<void> {
  try {
    await runCheck(request, road, here)
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== EXIT.unmet) throw error
  }
}

function watched({ all, gates }: CheckRequest, world: RoadWorld): string[] {
  const { folder, road } = readRoad(world)
  const isMeant = (name: string) => all || gates.length > 0 || name === road.current?.project
  return folder.projects.filter(({ name }) => isMeant(name)).map(({ directory }) => directory)
}
