import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { isRunning } from './is-running.ts'

export interface WholeFileOptions {
  /**
   * The mode of the new file, reduced by the umask.
   * Default: exactly the mode of the file it replaces, else 0o666.
   */
  mode?: number
  /**
   * A folder on the same file system in which the file is written before it is moved.
   * Default: the file's own folder.
   */
  scratch?: string
}

/**
 * Replaces a file atomically: a reader sees the old file or the new one, never a part of it,
 * even after a crash. Creates the folder if needed. Replaces a symbolic link instead of following it.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  { mode, scratch = dirname(path) }: WholeFileOptions = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const staged = await writeStagedFile(path, content, { mode, scratch })
  try {
    await rename(staged, path)
  } catch (error) {
    await rm(staged, { force: true })
    throw error
  }
}

/**
 * Creates a file atomically, and its folder if needed. Returns false and changes nothing if the file exists.
 */
export async function createFile(
  path: string,
  content: string | Uint8Array,
  { mode = 0o666, scratch = dirname(path) }: WholeFileOptions = {},
): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true })
  const staged = await writeStagedFile(path, content, { mode, scratch })
  try {
    await linkExclusively(staged, path)
    return true
  } catch (error) {
    if (getErrorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(staged, { force: true })
  }
}

/**
 * Error codes of file systems without hard links, such as exFAT.
 * The copy made there is exclusive too, but a crash could leave a part of it.
 */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

async function linkExclusively(staged: string, path: string): Promise<void> {
  try {
    await link(staged, path)
  } catch (error) {
    if (!NO_LINKS.includes(getErrorCode(error))) throw error
    await copyFile(staged, path, constants.COPYFILE_EXCL)
  }
}

/**
 * `.name.host.pid.random.tmp`: names its owner, so that a later run can remove the files of a killed process.
 */
const STAGED = /^\..+\.([\w-]*)\.(\d+)\.[a-z\d]+\.tmp$/
const HOST = hostname()
  .replaceAll(/[^\w-]/g, '-')
  .slice(0, 40)

async function writeStagedFile(
  path: string,
  content: string | Uint8Array,
  { mode, scratch }: { mode: number | undefined; scratch: string },
): Promise<string> {
  await mkdir(scratch, { recursive: true })
  await removeAbandoned(scratch)
  // Not node:crypto, which takes the CLI milliseconds to load: `wx` rejects a name that is taken.
  const random = Math.random().toString(36).slice(2, 12) || '0'
  const staged = join(scratch, `.${basename(path).slice(0, 150)}.${HOST}.${process.pid}.${random}.tmp`)
  const kept = mode ?? (await readFileMode(path))
  try {
    const file = await open(staged, 'wx', kept ?? 0o666)
    try {
      if (mode === undefined && kept !== undefined) await file.chmod(kept) // undoes the umask
      await file.writeFile(content)
      // Without it, the rename may reach the disk before the content does.
      await file.sync()
    } finally {
      await file.close()
    }
    return staged
  } catch (error) {
    await rm(staged, { force: true })
    throw error
  }
}

async function readFileMode(path: string): Promise<number | undefined> {
  const { mode } = await stat(path).catch(() => ({ mode: undefined }))
  return mode === undefined ? undefined : mode & 0o777
}

/**
 * Removes files that ended processes of this machine left.
 * On a shared disk, another machine's process may still run.
 */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, host, pid] = STAGED.exec(name) ?? []
    if (host === HOST && Number(pid) !== process.pid && !isRunning(Number(pid)))
      await rm(join(folder, name), { force: true })
  }
}

function getErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
