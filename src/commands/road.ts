import { NPM, type PackageManager, parseManager } from '../core/pm/name.ts'
import type { Evidence, LastChecks } from '../core/state/files.ts'
import { deriveRoad, type Place, type Road } from '../core/state/road.ts'
import { makeInputsHasher } from '../io/gates/inputs.ts'
import { type Home, type RoadmapFolder, readFolder } from '../io/state/folder.ts'
import type { World } from './world.ts'

/** What decides the learner's progress, besides files. */
export type RoadWorld = Pick<World, 'catalogue' | 'roadmap' | 'directory'>

/** The learner's progress, and the state that it was derived from. */
export interface Standing {
  folder: RoadmapFolder
  road: Road
}

/** Reads the roadmap folder and derives the learner's progress. Throws a StateError for unreadable state. */
export function readRoad(world: RoadWorld): Standing {
  return deriveStanding(readFolder(world.directory), world)
}

/** What a command has just found or written in a home, so that nothing has to be read again. */
export interface Learned {
  records: readonly Evidence[]
  checks: LastChecks
}

/** Adds what a command learned about the home of this name to the folder. */
export function addLearned(folder: RoadmapFolder, name: string, { records, checks }: Learned): RoadmapFolder {
  const add = <H extends Home>(home: H): H =>
    home.name === name ? { ...home, evidence: [...home.evidence, ...records], last: checks } : home
  return { ...folder, projects: folder.projects.map(add), portfolio: add(folder.portfolio) }
}

export function deriveStanding(folder: RoadmapFolder, world: RoadWorld): Standing {
  const { catalogue, roadmap } = world
  const { projects, portfolio, current, settings, directory: root } = folder
  const placeOf = (
    { directory, name, evidence, last }: Home,
    template: string | null,
    manager: PackageManager,
  ): Place => {
    const inputsOf = makeInputsHasher({ directory, root, settings })
    return { name, template, manager, known: { evidence, last, inputsOf } }
  }
  const road = deriveRoad(roadmap, {
    templates: catalogue.templates.map(({ manifest }) => manifest.id),
    projects: projects.map((project) =>
      placeOf(project, project.file.template, parseManager(project.file.packageManager)),
    ),
    portfolio: placeOf(portfolio, null, NPM),
    current,
    settings,
  })
  return { folder, road }
}
