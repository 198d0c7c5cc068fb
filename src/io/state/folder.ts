import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { quoteShellCommand } from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { compare } from '../../core/package-json.ts'
import {
  type Evidence,
  type LastChecks,
  NO_SETTINGS,
  PORTFOLIO_FOLDER,
  type ProjectFile,
  parseEvidence,
  parseLastChecks,
  parseProject,
  parseSettings,
  type Settings,
} from '../../core/state/files.ts'
import { StateError } from '../../core/state/read.ts'
import { readCurrentExercise } from '../build/current.ts'
import { describeRestore, shortenFrom } from './earlier.ts'
import { readIfThere } from './read-if-there.ts'

export const SETTINGS_FILE = 'ai-eng.json'
export const PROJECT_FILE = '.ai-eng/project.json'
const EVIDENCE_FOLDER = '.ai-eng/evidence'
const LAST_CHECK_FILE = '.ai-eng/cache/last-check.json'

/** A folder that keeps evidence: a project, or the portfolio for gates of no project. */
export interface Home {
  /** Absolute. */
  directory: string
  /** Its name in the roadmap folder. */
  name: string
  evidence: Evidence[]
  last: LastChecks
}

export interface Project extends Home {
  file: ProjectFile
}

export interface RoadmapFolder {
  /** Absolute. */
  directory: string
  /** The project that the command was started in, if any. */
  current: string | null
  settings: Settings
  projects: Project[]
  portfolio: Home
  /** Files that could not be read, while the others still count, and exercises in progress. */
  warnings: string[]
}

/**
 * Finds the roadmap folder: from inside a project, its parent; else the directory itself when it contains
 * projects, or the nearest directory with settings. A project in a home directory does not make everything
 * below it part of a roadmap.
 */
function locateFolder(from: string): { directory: string; current: string | null } {
  if (!existsSync(join(from, PROJECT_FILE)) && listProjects(from).length > 0)
    return { directory: from, current: null }
  for (let path = from; dirname(path) !== path; path = dirname(path)) {
    if (existsSync(join(path, PROJECT_FILE))) return { directory: dirname(path), current: basename(path) }
    const isPortfolio = basename(path) === PORTFOLIO_FOLDER && listProjects(dirname(path)).length > 0
    if (isPortfolio) return { directory: dirname(path), current: null }
    if (existsSync(join(path, SETTINGS_FILE))) return { directory: path, current: null }
  }
  return { directory: from, current: null }
}

/** Whether a command without a verb has a roadmap to show. */
export function isOnTheRoad(from: string): boolean {
  const { directory, current } = locateFolder(from)
  return current !== null || existsSync(join(directory, SETTINGS_FILE)) || listProjects(directory).length > 0
}

/**
 * Reads all state. Throws a StateError for an unreadable file that decides what is read; an unreadable record
 * of evidence is a warning.
 */
export function readFolder(from: string): RoadmapFolder {
  const { directory, current } = locateFolder(from)
  const warnings: string[] = []
  const projects = listProjects(directory).map((name) => readProject(directory, name, { from, warnings }))
  for (const project of projects) {
    const exercise = readCurrentExercise(project.directory)
    if (exercise !== undefined)
      warnings.push(
        `${project.name} is on the branch build/${exercise}, where code is taken out. To go on: ai-eng-starter build`,
      )
  }
  const portfolio = readHome(directory, PORTFOLIO_FOLDER, warnings)
  return { directory, current, settings: readSettings(directory, from), projects, portfolio, warnings }
}

/**
 * Reads `ai-eng.json`. `from`: the directory that the command was started in. Throws a StateError for an
 * unreadable file.
 */
export function readSettings(directory: string, from = directory): Settings {
  const place = { directory, path: SETTINGS_FILE, from }
  const path = shortenFrom(place)
  const text = readIfThere(join(directory, SETTINGS_FILE), path)
  if (text === undefined) return structuredClone(NO_SETTINGS)
  const restore = () => describeRestore(place, text, 'move it away, then repeat your set and skip commands')
  return parseSettings(text, { path, restore })
}

/** Names of the generated repos directly in a directory, sorted. */
export function listProjects(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => existsSync(join(directory, name, PROJECT_FILE)))
    .sort(compare)
}

function readProject(
  folder: string,
  name: string,
  { from, warnings }: { from: string; warnings: string[] },
): Project {
  const place = { directory: join(folder, name), path: PROJECT_FILE, from }
  const path = shortenFrom(place)
  const text = readIfThere(join(folder, name, PROJECT_FILE), path) ?? ''
  const adopt = quoteShellCommand([
    'ai-eng-starter',
    'adopt',
    'TEMPLATE',
    relative(from, place.directory) || '.',
  ])
  const restore = () => describeRestore(place, text, `move it away, then: ${adopt}`)
  const file = parseProject(text, { path, restore })
  return { ...readHome(folder, name, warnings), file }
}

function readHome(folder: string, name: string, warnings: string[]): Home {
  const directory = join(folder, name)
  const evidence = recordPaths(directory).flatMap((path) => {
    const shown = `${name}/${path}`
    return collectWarning(warnings, 'does not count', () =>
      parseEvidence(readIfThere(join(directory, path), shown) ?? '', { path: shown }),
    )
  })
  const lastPath = `${name}/${LAST_CHECK_FILE}`
  const text = readIfThere(join(directory, LAST_CHECK_FILE), lastPath)
  const last =
    text === undefined
      ? []
      : collectWarning(warnings, 'is written again by check', () => parseLastChecks(text, { path: lastPath }))
  return { directory, name, evidence, last: last[0] ?? {} }
}

function recordPaths(directory: string): string[] {
  const root = join(directory, EVIDENCE_FOLDER)
  if (!existsSync(root)) return []
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((gate) =>
      readdirSync(join(root, gate.name))
        .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
        .map((name) => `${EVIDENCE_FOLDER}/${gate.name}/${name}`),
    )
    .sort(compare)
}

function collectWarning<T>(warnings: string[], consequence: string, read: () => T): T[] {
  try {
    return [read()]
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    warnings.push(`${error.message.replace(/\. Nothing was changed$/, '')}: it ${consequence}`)
    return []
  }
}
