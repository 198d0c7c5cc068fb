/** What a project's owner wrote, compared with what its template gave. */
export interface Share {
  /** The project's folder in the roadmap folder. */
  project: string
  template: string
  templateVersion: string
  /** Whether the repo existed before the roadmap: then no file of it came from a template. */
  adopted: boolean
  /** Files that differ from the template, sorted by path. */
  files: ShareFile[]
  /** Number of template files that are as they were generated. */
  unchanged: number
  /** Template files of which neither a hash nor the original is known, so that they may have been changed. */
  unknown: string[]
  totals: Record<SharePart, ShareTotal>
}

/**
 * `own`: the learner's. `kit`: a change in `kit/`. `measured`: written by a command, such as a baseline, so
 * its lines are no one's writing.
 */
export type SharePart = 'own' | 'kit' | 'measured'

export interface ShareFile {
  path: string
  part: SharePart
  change: 'new' | 'changed' | 'moved' | 'deleted'
  /** Lines; null for a file that is not text, or whose original is not known. */
  added: number | null
  removed: number | null
}

/** Of files that exist: to delete a template's file is not to write one. */
export interface ShareTotal {
  files: number
  added: number
  removed: number
  /** Files whose lines could not be counted. */
  uncounted: number
}

/** Hashes of a template's files, as generated; null where the hash is not known. */
export type TemplateHashes = ReadonlyMap<string, string | null>

export interface Comparison {
  changed: string[]
  added: string[]
  deleted: string[]
  unchanged: number
  unknown: string[]
}

/** Files that a package manager or ai-eng-starter writes. */
const WRITTEN_BY_TOOLS = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
])

/** Whether a file can be someone's work at all. */
export function isCompared(path: string): boolean {
  return !WRITTEN_BY_TOOLS.has(path) && !path.startsWith('.ai-eng/')
}

/** A new file with exactly the content of a template file is that file, copied or moved: no one's work. */
export function compareHashes(template: TemplateHashes, present: ReadonlyMap<string, string>): Comparison {
  const known = new Set(template.values())
  const contents = new Set<string | null | undefined>(present.values())
  const paths = [...template.keys()].filter(isCompared)
  const there = paths.filter((path) => present.has(path))
  const unknown = there.filter((path) => template.get(path) === null)
  const changed = there.filter((path) => !unknown.includes(path) && template.get(path) !== present.get(path))
  return {
    changed,
    added: [...present.keys()].filter(
      (path) => isCompared(path) && !template.has(path) && !known.has(present.get(path) ?? null),
    ),
    deleted: paths.filter((path) => !present.has(path) && !contents.has(template.get(path))),
    unchanged: there.length - unknown.length - changed.length,
    unknown,
  }
}

/** Decides whose a file that differs from the template is. `start`: the first characters of its text. */
export function findPart(path: string, start: string): SharePart {
  if (/^reports\//.test(path) || /^\s*\{\s*"schema":\s*"[a-z-]+\.v\d+"/.test(start)) return 'measured'
  return path.startsWith('kit/') ? 'kit' : 'own'
}

export function sumShare(files: readonly ShareFile[]): Share['totals'] {
  const sum = (part: SharePart): ShareTotal => {
    const own = files.filter((file) => file.part === part && file.change !== 'deleted')
    return {
      files: own.length,
      added: own.reduce((lines, { added }) => lines + (added ?? 0), 0),
      removed: own.reduce((lines, { removed }) => lines + (removed ?? 0), 0),
      uncounted: own.filter(({ added }) => added === null).length,
    }
  }
  return { own: sum('own'), kit: sum('kit'), measured: sum('measured') }
}
