import type { Evidence, LastChecks } from '../core/state/files.ts'
import { deriveRoad, type Place, type Road } from '../core/state/road.ts'
import { makeInputsHasher } from '../io/gates/inputs.ts'
import { type Home, type RoadmapFolder, readFolder } from '../io/state/folder.ts'
import type { World } from './world.ts'

/** What decides where the learner stands, besides files. */
export type RoadWorld = Pick<World, 'catalogue' | 'roadmap' | 'directory'>

/** Where the learner stands, with what that was worked out from. */
export interface Standing {
  folder: RoadmapFolder
  road: Road
}

/** Reads the roadmap folder and works out where the learner stands. Throws a StateError for state that cannot be read. */
export function readRoad(world: RoadWorld): Standing {
  return deriveStanding(readFolder(world.directory), world)
}

/** Of a home, what a command has just written or found: so nothing has to be read again. */
export interface Learned {
  records: readonly Evidence[]
  checks: LastChecks
}

/** The folder with what was learned about one of its homes, by that home's name. */
export function addLearned(folder: RoadmapFolder, name: string, { records, checks }: Learned): RoadmapFolder {
  const add = <H extends Home>(home: H): H =>
    home.name === name ? { ...home, evidence: [...home.evidence, ...records], last: checks } : home
  return { ...folder, projects: folder.projects.map(add), portfolio: add(folder.portfolio) }
}

export function deriveStanding(folder: RoadmapFolder, world: RoadWorld): Standing {
  const { catalogue, roadmap } = world
  const { projects, portfolio, current, settings, directory: root } = folder
  const placeOf = ({ directory, name, evidence, last }: Home, template: string | null): Place => {
    const inputsOf = makeInputsHasher({ directory, root, settings })
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
