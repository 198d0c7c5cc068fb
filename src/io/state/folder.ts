import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
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
import { escapeControls } from '../../core/text.ts'
import { describeRestore, shortenFrom } from './earlier.ts'

export const SETTINGS_FILE = 'ai-eng.json'
export const PROJECT_FILE = '.ai-eng/project.json'
const EVIDENCE_FOLDER = '.ai-eng/evidence'
const LAST_CHECK_FILE = '.ai-eng/cache/last-check.json'
/** A state file is a few kilobytes; one of this size is not ours. */
const LARGEST = 1_000_000

/** A place that evidence is kept in: a project, or the portfolio for what belongs to none. */
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
  /** The project that the command was started in, if it was. */
  current: string | null
  settings: Settings
  projects: Project[]
  portfolio: Home
  /** What could not be read and does not stop the rest. */
  warnings: string[]
}

/**
 * Where a command was started decides what it is about: inside a project its parent; else itself when projects are in it,
 * or the nearest directory with settings. A project in a home directory makes no roadmap of everything below it.
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

/** Whether a command without a name has a roadmap to tell about. */
export function isOnTheRoad(from: string): boolean {
  const { directory, current } = locateFolder(from)
  return current !== null || existsSync(join(directory, SETTINGS_FILE)) || listProjects(directory).length > 0
}

/** Reads all state. Throws a StateError for a file that decides what is read; a broken record of evidence is a warning. */
export function readFolder(from: string): RoadmapFolder {
  const { directory, current } = locateFolder(from)
  const warnings: string[] = []
  const projects = listProjects(directory).map((name) => readProject(directory, name, { from, warnings }))
  const portfolio = readHome(directory, PORTFOLIO_FOLDER, warnings)
  return { directory, current, settings: readSettings(directory, from), projects, portfolio, warnings }
}

/** `from`: where the command was started. */
export function readSettings(directory: string, from = directory): Settings {
  const place = { directory, path: SETTINGS_FILE, from }
  const path = shortenFrom(place)
  const text = readIfThere(join(directory, SETTINGS_FILE), path)
  if (text === undefined) return structuredClone(NO_SETTINGS)
  const restore = () => describeRestore(place, text, 'move it away, and set and skip again what it held')
  return parseSettings(text, { path, restore })
}

function listProjects(directory: string): string[] {
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
    return collectWarning(warnings, 'is not counted', () =>
      parseEvidence(readIfThere(join(directory, path), shown) ?? '', { path: shown }),
    )
  })
  const lastPath = `${name}/${LAST_CHECK_FILE}`
  const text = readIfThere(join(directory, LAST_CHECK_FILE), lastPath)
  const last =
    text === undefined
      ? []
      : collectWarning(warnings, 'is made again by check', () => parseLastChecks(text, { path: lastPath }))
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

function readIfThere(path: string, shown: string): string | undefined {
  try {
    if (statSync(path).size > LARGEST)
      throw new StateError(
        `${escapeControls(shown)} is larger than 1 MB`,
        'It is not what ai-eng-starter wrote: move it away',
      )
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (error instanceof StateError) throw error
    throw new StateError(`${escapeControls(shown)} cannot be read (${code})`, 'Mend that, then try again')
  }
}
