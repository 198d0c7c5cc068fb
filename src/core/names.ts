import { basename, isAbsolute, normalize } from 'node:path'
import { UsageError } from './errors.ts'
import { escapeInvisible } from './text.ts'

export interface ProjectName {
  /** The name in package.json: `notes` or `@me/notes`. */
  packageName: string
  /** The name of the directory, without the scope. */
  directoryName: string
}

/**
 * Names that a file system, a tool or an object lookup treats specially. Windows' device names are reserved
 * on every OS.
 */
const RESERVED = new Set(['node_modules', 'favicon.ico', '__proto__', 'constructor', 'prototype'])
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?$/i
const NPM_NAME_LIMIT = 214
const PATH_LIMIT = 4096

/**
 * Checks a project's name, `notes` or `@me/notes`. `taken`: names that would make the project depend on
 * itself, that is Node's own modules and the template's dependencies. Throws a UsageError, with a suggestion
 * where there is one.
 */
export function parseProjectName(name: string, taken: ReadonlySet<string>): ProjectName {
  const scoped = /^@([^/]*)\/(.*)$/s.exec(name)
  const scope = scoped?.[1]
  const base = scoped?.[2] ?? name
  if (scope !== undefined) checkSegment(scope, name)
  checkSegment(base, name)
  if (name.length > NPM_NAME_LIMIT)
    throw rejectName(name.slice(0, 40), `is ${name.length} characters long, npm allows ${NPM_NAME_LIMIT}`)
  if (taken.has(name))
    throw rejectName(name, 'is the name of a package that the project uses itself', `my-${base}`)
  return { packageName: name, directoryName: base }
}

function checkSegment(segment: string, whole: string): void {
  if (segment.trim() === '') throw rejectName(whole, 'is empty')
  if (RESERVED.has(segment.toLowerCase())) throw rejectName(whole, 'is a reserved name')
  if (WINDOWS_DEVICE.test(segment))
    throw rejectName(
      whole,
      'is a device name on Windows',
      `${segment.replace(/[^a-z].*$/i, '').toLowerCase()}-app`,
    )
  if (/[. ]$/.test(segment)) throw rejectName(whole, 'ends in a dot or a space', suggest(segment))
  if (/^[._-]/.test(segment))
    throw rejectName(whole, `starts with "${escapeInvisible(segment.charAt(0))}"`, suggest(segment))
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(segment)) {
    throw rejectName(whole, 'may hold only a-z, 0-9, ".", "_" and "-"', suggest(segment))
  }
}

function rejectName(name: string, reason: string, suggestion?: string): UsageError {
  const shown = `"${escapeInvisible(name)}"`
  return new UsageError(
    `${shown} cannot be a project name: it ${reason}`,
    suggestion ? `Try: ${suggestion}` : 'Use a short name such as my-project',
  )
}

/**
 * A valid name made from what was typed; undefined when nothing sensible is left (homoglyphs are not guessed
 * at).
 */
function suggest(segment: string): string | undefined {
  if (/[^\x20-\x7e]/.test(segment)) return undefined
  const cleaned = segment
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, NPM_NAME_LIMIT)
  return /^[a-z0-9]/.test(cleaned) && !RESERVED.has(cleaned) && !WINDOWS_DEVICE.test(cleaned)
    ? cleaned
    : undefined
}

export interface RequestedDirectory {
  /** Relative to the current directory, or absolute: the path that the user typed. */
  path: string
  /** `.`: the current directory itself, whose name becomes the project's name. */
  isCurrent: boolean
  /** Set for `@scope/app`, which is a package name and creates the directory `app`. */
  scopedName: string | undefined
}

/**
 * Parses the directory argument. Its last segment is checked as a name later, once it is known whether
 * `--name` replaces it. Throws a UsageError for a path that cannot be a new directory.
 */
export function parseDirectory(text: string): RequestedDirectory {
  const shown = escapeInvisible(text.slice(0, 80))
  if (text.trim() === '') throw new UsageError('The directory is empty', 'Give a name such as my-project')
  if (hasControls(text))
    throw new UsageError(`"${shown}" holds control characters`, 'Give a name such as my-project')
  if (text.includes('\\'))
    throw new UsageError(`"${shown}" holds a backslash`, 'Write the path with forward slashes')
  const [, user] = /^~([^/]*)(?:\/|$)/.exec(text) ?? []
  if (user !== undefined) {
    const hint = user === '' ? `, or as "$HOME${text.slice(1)}"` : `; to name a folder so, write ./${shown}`
    throw new UsageError(`"${shown}" was not expanded by your shell`, `Write it without quotes${hint}`)
  }
  if (Buffer.byteLength(text) > PATH_LIMIT)
    throw new UsageError('The directory path is longer than 4096 bytes', 'Choose a shorter path')
  if (/^@[^/]+\/[^/]+$/.test(text)) return { path: basename(text), isCurrent: false, scopedName: text }
  if (/^@[^/]*\//.test(text))
    throw new UsageError(`"${shown}" is not a scoped name`, 'A scoped name looks like @me/notes')
  if (/(^|\/)\.\.\/*$/.test(text))
    throw new UsageError(`"${shown}" is a parent directory`, 'Name the directory to create')
  const path = normalize(text)
  if (isAbsolute(path) && basename(path) === '')
    throw new UsageError(`"${shown}" is the root directory`, 'Name the directory to create')
  return { path, isCurrent: path === '.' || path === './', scopedName: undefined }
}

function hasControls(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text)
}
