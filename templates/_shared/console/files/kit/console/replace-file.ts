import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { isRunning } from './is-running.ts'

export interface WholeFileOptions {
  /** The mode of the new file, less the umask. Default: that of the file it replaces, else 0o666. */
  mode?: number
  /** A folder on the same file system where the file is written before it takes its place. Default: its own. */
  scratch?: string
}

/**
 * Replaces a file: a reader, and a machine that stops, has the old one or the new one, never half of it. Makes the folder if need be. A symbolic link in its place
 * is replaced, not followed.
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

/** Creates a file, whole or not at all, and its folder if needed. Returns false, and changes nothing, if the file exists. */
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

/** File systems without hard links, such as exFAT: the copy is exclusive as well, but a crash could leave half of it. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

async function linkExclusively(staged: string, path: string): Promise<void> {
  try {
    await link(staged, path)
  } catch (error) {
    if (!NO_LINKS.includes(getErrorCode(error))) throw error
    await copyFile(staged, path, constants.COPYFILE_EXCL)
  }
}

/** `.name.host.pid.random.tmp`: names its owner, so that the next run can remove what a killed one left. */
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
  // Not from node:crypto, which costs the CLI milliseconds to load: `wx` refuses a name that is taken.
  const random = Math.random().toString(36).slice(2, 12) || '0'
  const staged = join(scratch, `.${basename(path).slice(0, 150)}.${HOST}.${process.pid}.${random}.tmp`)
  const kept = mode ?? (await readFileMode(path))
  try {
    const file = await open(staged, 'wx', kept ?? 0o666)
    try {
      if (mode === undefined && kept !== undefined) await file.chmod(kept) // whatever the umask
      await file.writeFile(content)
      // Otherwise the rename may reach the disk before the content does.
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

/** Of this machine alone: on a shared disk, another machine's process may be alive. */
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
