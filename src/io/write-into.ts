import { dirname, join } from 'node:path'
import fs from 'fs-extra'
import { UserError } from '../core/errors.ts'
import type { PlannedFile } from '../core/plan.ts'
import { explainWrite } from './explain.ts'
import { hashSha256 } from './hash.ts'
import { isAbandoned, OWNER } from './owner.ts'
import { inspectTarget, WORK_FOLDER } from './target.ts'
import { writeTree } from './write-tree.ts'

const JOURNAL = 'journal.json'

/** What a run is about to do, written before it starts, so that the next run can undo it after a kill. */
interface Journal {
  created: { path: string; sha256: string }[]
  replaced: { path: string; sha256: string }[]
  directories: string[]
  /** The directory of replaced files, relative to the project. */
  backup: string
  /** Whether every file to replace has its backup. Until then none has been replaced. */
  isBackedUp: boolean
}

/**
 * Writes a project into an existing directory and replaces only files that the project contains. Keeps
 * replaced files in `.ai-eng/backup-<time>/`. After an interrupt it undoes its work; after a kill, the next
 * run does (`recover`). Returns the replaced paths and the path of their backup. Throws a UserError for an
 * obstacle, a refusal of the disk, or another run in the same directory.
 */
export async function writeInto(
  directory: string,
  files: readonly PlannedFile[],
  { signal, now, force }: { signal: AbortSignal; now: Date; force: boolean },
): Promise<{ replaced: string[]; backup: string | undefined }> {
  await lock(directory)
  try {
    // Another run may have written here between the first look and the lock.
    inspectTarget(directory, { force })
    return await writeJournaled(directory, files, signal, now)
  } catch (error) {
    await undo(directory)
    throw explainWrite(error, directory)
  }
}

async function writeJournaled(
  directory: string,
  files: readonly PlannedFile[],
  signal: AbortSignal,
  now: Date,
) {
  const work = join(directory, WORK_FOLDER)
  await writeTree(join(work, 'new'), files, signal)
  const journal = await planJournal(
    directory,
    files,
    `.ai-eng/backup-${now.toISOString().replace(/[:.]/g, '-')}`,
  )
  await writeJournal(work, journal)
  for (const { path } of journal.replaced)
    await fs.copy(join(directory, path), join(directory, journal.backup, path))
  await writeJournal(work, { ...journal, isBackedUp: true })
  const replaceable = new Set(journal.replaced.map(({ path }) => path))
  for (const { path } of files) {
    signal.throwIfAborted()
    await fs.ensureDir(dirname(join(directory, path)))
    const [from, to] = [join(work, 'new', path), join(directory, path)]
    await (replaceable.has(path) ? fs.rename(from, to) : moveToFree(from, to))
  }
  // The work is done now: without a journal, the next run has nothing to undo.
  await fs.remove(join(work, JOURNAL))
  await fs.remove(work).catch(leaveToNextRun)
  const replaced = journal.replaced.map(({ path }) => path)
  return { replaced, backup: replaced.length > 0 ? journal.backup : undefined }
}

/** The project is complete, so a work folder that cannot be removed is no failure: `recover` removes it later. */
function leaveToNextRun(): void {}

async function writeJournal(work: string, journal: Journal): Promise<void> {
  await fs.writeFile(join(work, 'journal.tmp'), JSON.stringify(journal))
  await fs.rename(join(work, 'journal.tmp'), join(work, JOURNAL))
}

/** What a file system without hard links says. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** Moves a file to a path where nothing was. Throws a UserError when something appeared there since. */
async function moveToFree(from: string, to: string): Promise<void> {
  try {
    // Fails on an existing file; a rename would replace it. Not every file system has hard links.
    await fs.link(from, to).catch((error: NodeJS.ErrnoException) => {
      if (!NO_LINKS.includes(error.code ?? '')) throw error
      return fs.copyFile(from, to, fs.constants.COPYFILE_EXCL)
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new UserError(
      `${to} appeared while the project was being written, and stays`,
      'Move it away, then run it again',
    )
  }
  await fs.remove(from)
}

async function planJournal(
  directory: string,
  files: readonly PlannedFile[],
  backup: string,
): Promise<Journal> {
  const journal: Journal = { created: [], replaced: [], directories: [], backup, isBackedUp: false }
  for (const { path, content } of files) {
    await refuseObstacle(directory, path)
    const entry = { path, sha256: hashSha256(content) }
    const exists = await fs.pathExists(join(directory, path))
    journal[exists ? 'replaced' : 'created'].push(entry)
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
      if (journal.directories.includes(parent) || (await fs.pathExists(join(directory, parent)))) continue
      journal.directories.push(parent)
    }
  }
  return journal
}

/**
 * A link or a directory at a file's path, or a link on the way to it, would make us write to a place that the
 * user did not name.
 */
async function refuseObstacle(directory: string, path: string): Promise<void> {
  const segments = path.split('/')
  for (let depth = 1; depth <= segments.length; depth++) {
    const step = segments.slice(0, depth).join('/')
    const stats = await fs.lstat(join(directory, step)).catch(() => undefined)
    if (!stats) return
    const fits = depth === segments.length ? stats.isFile() : stats.isDirectory()
    if (!fits)
      throw new UserError(
        `${join(directory, step)} is a link, or not the kind of file that the project needs there`,
        'Move it away first',
      )
  }
}

/**
 * A rename is the lock: the work folder appears with its owner's name in it, and exactly one of two runs gets
 * it.
 */
async function lock(directory: string): Promise<void> {
  await recover(directory)
  const work = join(directory, WORK_FOLDER)
  const prepared = `${work}.${OWNER}`
  try {
    await fs.remove(prepared)
    await fs.mkdir(prepared)
    await fs.writeFile(join(prepared, 'owner'), OWNER)
    await fs.mkdir(join(prepared, 'new'))
    await fs.rename(prepared, work)
  } catch (error) {
    await fs.remove(prepared)
    const { code } = error as NodeJS.ErrnoException
    const isTaken =
      code === 'EEXIST' || code === 'ENOTEMPTY' || (code === 'EPERM' && (await fs.pathExists(work)))
    if (isTaken) throw refuseBusy(directory)
    throw explainWrite(error, directory)
  }
}

/** Rolls back what a killed run left in `directory`. Throws a UserError when that run is still alive. */
export async function recover(directory: string): Promise<void> {
  await removePrepared(directory)
  const work = join(directory, WORK_FOLDER)
  if (!(await fs.pathExists(work))) return
  const owner = await fs.readFile(join(work, 'owner'), 'utf8').catch(() => '')
  if (owner !== '' && owner !== OWNER && !isAbandoned(owner, work)) throw refuseBusy(directory)
  await undo(directory)
}

/** Removes work folders that runs had prepared when they were killed, before they held the lock. */
async function removePrepared(directory: string): Promise<void> {
  for (const name of await fs.readdir(directory)) {
    const path = join(directory, name)
    if (name.startsWith(`${WORK_FOLDER}.`) && isAbandoned(name.slice(WORK_FOLDER.length + 1), path))
      await fs.remove(path)
  }
}

function refuseBusy(directory: string): UserError {
  return new UserError(`Another run is writing to ${directory}`, 'Wait until it ends, then try again')
}

/** Undoes the work in the journal. Keeps files that were changed since then. */
async function undo(directory: string): Promise<void> {
  const journal = await readJournal(join(directory, WORK_FOLDER, JOURNAL))
  if (journal) await rollBack(directory, journal)
  await fs.remove(join(directory, WORK_FOLDER))
}

async function rollBack(
  directory: string,
  { created, replaced, directories, backup, isBackedUp }: Journal,
): Promise<void> {
  for (const { path, sha256: written } of created) {
    if (await holds(join(directory, path), written)) await fs.remove(join(directory, path))
  }
  for (const { path, sha256: written } of isBackedUp ? replaced : []) {
    if (!(await holds(join(directory, path), written))) continue
    await fs.copy(join(directory, backup, path), join(directory, path), { overwrite: true })
  }
  await fs.remove(join(directory, backup))
  for (const path of [...directories].sort((a, b) => b.length - a.length)) {
    await fs.rmdir(join(directory, path)).catch(keepUsed)
  }
}

function keepUsed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error
}

async function readJournal(path: string): Promise<Journal | undefined> {
  return (await fs.pathExists(path)) ? (JSON.parse(await fs.readFile(path, 'utf8')) as Journal) : undefined
}

/** False for a file that cannot be read: ours can. */
async function holds(path: string, expected: string): Promise<boolean> {
  try {
    return hashSha256(await fs.readFile(path)) === expected
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM'].includes(code)) return false
    throw error
  }
}
