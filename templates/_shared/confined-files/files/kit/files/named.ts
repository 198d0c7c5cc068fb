import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getEnding } from './ending.ts'
import { assertSameFile, BadFile, readBelow, toBadFile } from './file.ts'

export interface NameRules {
  /** The allowed file extensions, in lower case and with the dot, such as `.md`. */
  extensions: readonly string[]
}

export interface NamedReadOptions extends NameRules {
  maxBytes: number
  signal: AbortSignal
}

const MAX_NAME = 500

/**
 * Reads a file whose name comes from an untrusted caller or a model.
 * Accepts only names that `walkFiles` would list, so that a name can't reach a file that a walk would hide.
 * Throws `BadFile`, whose message is safe to show to the caller, or the signal's reason when aborted.
 */
export async function readNamed(root: string, name: string, options: NamedReadOptions): Promise<Buffer> {
  checkName(name, options)
  return await readBelow(root, name, options.maxBytes, options.signal)
}

/**
 * Creates a file and its parent folders under a name from an untrusted caller or a model.
 * Never overwrites a file, and never writes through a symbolic link.
 * Throws `BadFile`; then it leaves no new file, and an existing one unchanged.
 */
export async function createNamed(
  root: string,
  name: string,
  content: string,
  rules: NameRules,
): Promise<void> {
  checkName(name, rules)
  await makeFolders(root, dirname(name))
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const handle = await open(join(root, name), flags, 0o644).catch((error: unknown) => {
    throw toExistsError(error) ?? toBadFile(error)
  })
  try {
    // Checked before the first write, because a parent folder may have become a link in the meantime.
    await assertSameFile(root, name, await handle.stat())
    await writeAndSync(handle, content)
  } catch (error) {
    await rm(join(root, name), { force: true })
    throw toBadFile(error)
  } finally {
    await handle.close()
  }
}

/** Throws `BadFile` for a name that `walkFiles` would not list. */
export function checkName(name: string, { extensions }: NameRules): void {
  const parts = name.split('/')
  if (name.length > MAX_NAME) throw new BadFile(`a name longer than ${MAX_NAME} characters`)
  if (/[\0-\x1f\x7f\\]/.test(name) || parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new BadFile('not the name of a file below the folder')
  if (parts.some((part) => part.startsWith('.') || part === 'node_modules'))
    throw new BadFile('hidden, or not part of the folder')
  if (!extensions.includes(getEnding(name)))
    throw new BadFile(`not a file that is read here (${extensions.join(' ')})`)
}

async function makeFolders(root: string, below: string): Promise<void> {
  const top = await realpath(root)
  let path = top
  for (const part of below === '.' ? [] : below.split('/')) {
    path = join(path, part)
    await mkdir(path).catch((error: unknown) => {
      if (getSystemCode(error) !== 'EEXIST') throw toBadFile(error)
    })
    const stats = await lstat(path)
    if (stats.isSymbolicLink()) throw new BadFile('reached through a symbolic link, not followed')
    if (!stats.isDirectory()) throw new BadFile(`${part} is a file, not a folder`)
  }
}

async function writeAndSync(handle: FileHandle, content: string): Promise<void> {
  await handle.writeFile(content)
  await handle.sync()
}

function toExistsError(error: unknown): BadFile | undefined {
  return getSystemCode(error) === 'EEXIST' ? new BadFile('already there, and not written over') : undefined
}

function getSystemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
