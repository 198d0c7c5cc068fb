import type { Catalogue } from '../core/catalogue.ts'
import type { Roadmap } from '../core/roadmap/schema.ts'
import type { LastChecks } from '../core/state/files.ts'
import { deriveRoad, type Place, type Road } from '../core/state/road.ts'
import { inputsHasher } from '../io/gates/inputs.ts'
import { type Home, type RoadmapFolder, readFolder } from '../io/state/folder.ts'

/** What every command about the roadmap is given. */
export interface RoadWorld {
  catalogue: Catalogue
  roadmap: Roadmap
  /** Where the command was started. Absolute. */
  directory: string
}

/** Where the learner stands, with what that was worked out from. */
export interface Standing {
  folder: RoadmapFolder
  road: Road
}

/** By folder, what a check found where it could not be written down. */
export type Unsaved = ReadonlyMap<string, LastChecks>

/** Reads the roadmap folder and says where the learner stands. Throws a StateError for state that cannot be read. */
export function readRoad(world: RoadWorld, unsaved: Unsaved = new Map()): Standing {
  const folder = readFolder(world.directory)
  for (const home of [...folder.projects, folder.portfolio]) home.last = unsaved.get(home.name) ?? home.last
  return standingIn(folder, world)
}

export function standingIn(folder: RoadmapFolder, world: RoadWorld): Standing {
  const { catalogue, roadmap } = world
  const { projects, portfolio, current, settings, directory: root } = folder
  const placeOf = ({ directory, name, evidence, last }: Home, template: string | null): Place => {
    const inputsOf = inputsHasher({ directory, root, settings })
    return { name, template, known: { evidence, last, inputsOf } }
  }
  const road = deriveRoad(roadmap, {
    templates: catalogue.templates.map(({ manifest }) => manifest.id),
    projects: projects.map((project) => placeOf(project, project.file.template)),
    portfolio: placeOf(portfolio, null),
    current,
    settings,
  })
  return { folder, road }
}
