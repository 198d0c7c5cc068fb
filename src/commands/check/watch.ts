import { readRoad } from '../road.ts'
import type { World } from '../world.ts'
import type { CheckRequest } from './check.ts'

/** The directories of the projects that a check reads. Absolute. */
export function findWatched({ all, gates }: CheckRequest, world: World): string[] {
  const { folder, road } = readRoad(world)
  const isMeant = (name: string) => all || gates.length > 0 || name === road.current?.project
  return folder.projects.filter(({ name }) => isMeant(name)).map(({ directory }) => directory)
}
