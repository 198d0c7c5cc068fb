import { accessSync, constants, existsSync, lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../core/errors.ts'
import { escapeControls } from '../core/text.ts'
import { listNames } from '../core/words.ts'

/**
 * The directory of a project. `existing`: it exists and is written into; otherwise it appears complete, by
 * one rename.
 */
export interface Target {
  directory: string
  existing: boolean
}

/** Lock, staging area and journal of a run that writes into an existing directory. */
export const WORK_FOLDER = '.ai-eng-starter-work'

/** Whether a killed run left its work folder, or one that it was preparing. False for what is no directory. */
export function hasUnfinishedWork(directory: string): boolean {
  try {
    return readdirSync(directory).some((name) => name.startsWith(WORK_FOLDER))
  } catch {
    return false // `inspectTarget` says why it cannot be used
  }
}

/**
 * Entries that do not make a directory "used": a fresh repository, the file manager's notes, our own
 * unfinished work.
 */
const IGNORED_ENTRIES = new Set(['.git', '.DS_Store'])
const SHOWN_CONFLICTS = 10

/** Decides whether and how to write to `directory`. Throws a UserError for everything that prevents it. */
export function inspectTarget(directory: string, { force }: { force: boolean }): Target {
  refuseLinkedParent(directory)
  const stats = tryLstat(directory)
  if (!stats) {
    refuseOtherCase(directory)
    return { directory, existing: false }
  }
  if (stats.isSymbolicLink())
    throw refuseTaken(directory, 'is a symbolic link', 'Give the directory that it points to')
  if (!stats.isDirectory())
    throw refuseTaken(directory, 'exists and is not a directory', 'Choose another name')
  const entries = listEntries(directory)
  const used = entries.filter((entry) => !IGNORED_ENTRIES.has(entry) && !entry.startsWith(WORK_FOLDER))
  if (used.length === 0) return { directory, existing: entries.length > 0 || isCurrent(directory) }
  if (!force) throw refuseFull(directory, used)
  refuseForceOn(directory)
  return { directory, existing: true }
}

function isCurrent(directory: string): boolean {
  return resolve(directory) === process.cwd()
}

function listEntries(directory: string): string[] {
  try {
    accessSync(directory, constants.W_OK)
    return readdirSync(directory)
  } catch (error) {
    throw refuseTaken(
      directory,
      `cannot be used (${(error as NodeJS.ErrnoException).code})`,
      'Choose another directory',
    )
  }
}

function refuseFull(directory: string, used: readonly string[]): UserError {
  return refuseTaken(
    directory,
    `is not empty: ${listNames(used.map(escapeControls), SHOWN_CONFLICTS)}`,
    'Choose another directory, or add --force to replace only files that the project contains',
  )
}

/** `--force` replaces files one by one; in these directories a mistake would be too costly. */
function refuseForceOn(directory: string): void {
  const path = realpathSync(directory)
  const isCurrent = path === realpathSync(process.cwd())
  if (isInside(path, homedir()) || dirname(path) === path || (!isCurrent && isInside(path, process.cwd()))) {
    throw refuseTaken(
      directory,
      'is your home directory, a parent of it, or a parent of the current one',
      'Choose a separate directory for the project',
    )
  }
}

/** Whether `inner` is `outer` or below it, however it is written. */
function isInside(outer: string, inner: string): boolean {
  const path = relative(outer, existsSync(inner) ? realpathSync(inner) : resolve(inner))
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path))
}

/** Below the current directory, a symbolic link in the path could lead out of it unnoticed. */
function refuseLinkedParent(directory: string): void {
  const steps = relative(process.cwd(), directory).split(sep)
  if (steps[0] === '..') return
  let path = process.cwd()
  for (const step of steps.slice(0, -1)) {
    path = join(path, step)
    const stats = tryLstat(path)
    if (stats?.isSymbolicLink())
      throw refuseTaken(path, 'is a symbolic link', 'Give the real path of the directory')
    if (stats && !stats.isDirectory())
      throw refuseTaken(path, 'is not a directory', 'Choose another directory')
  }
}

/**
 * On file systems that ignore case, `App` and `app` are one directory, so they count as the same everywhere.
 */
function refuseOtherCase(directory: string): void {
  const parent = dirname(directory)
  const siblings = existsSync(parent) ? listEntries(parent) : []
  const wanted = basename(directory).normalize('NFC').toLowerCase()
  const twin = siblings.find(
    (sibling) => sibling !== basename(directory) && sibling.normalize('NFC').toLowerCase() === wanted,
  )
  if (twin)
    throw refuseTaken(directory, `differs only in case from ${escapeControls(twin)}`, 'Choose another name')
}

function tryLstat(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw refuseTaken(path, `cannot be used (${code})`, 'Choose another directory')
  }
}

function refuseTaken(path: string, reason: string, hint: string): UserError {
  return new UserError(`${escapeControls(path)} ${reason}`, hint)
}
