import type { CheckWorld } from '../commands/check-step.ts'
import type { RoadWorld } from '../commands/road.ts'
import { readSamples } from '../io/gates/samples.ts'
import { loadAllPacks } from '../io/packs.ts'
import type { Progress } from './new-events.ts'

export interface Here {
  json: boolean
  signal: AbortSignal
  dist: string
}

/** The machine as the world of gates, with a live line on a terminal while one is looked at. */
export function gateWorld(road: RoadWorld, { json, signal, dist }: Here, progress: Progress): CheckWorld {
  const isLive = !json && Boolean(process.stderr.isTTY)
  return {
    ...road,
    samples: once(() => readSamples(loadAllPacks(dist))),
    env: process.env,
    signal,
    now: () => new Date(),
    fetch,
    tell: ({ id }) => (isLive ? progress.start(`Checking ${id}`) : undefined),
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
