import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { explainedInPlace } from '../explain.ts'
import { isAlive } from '../processes.ts'

const TEMPORARY = /^\.(.+)\.(\d+)\.tmp$/

/** Replaces a file whole: a reader, or a machine that stops, sees the old one or the new one. */
export function replaceFile(path: string, text: string | Buffer): void {
  const temporary = writeTemporary(path, text)
  guarded(path, temporary, () => renameSync(temporary, path))
}

/** Writes a file that must not be there yet, by way of `scratch` on the same file system. Returns false when it is. */
export function createFile(path: string, text: string, scratch = dirname(path)): boolean {
  const temporary = writeTemporary(path, text, scratch)
  try {
    mkdirSync(dirname(path), { recursive: true })
    guarded(path, temporary, () => linkSync(temporary, path))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw explainedInPlace(error, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function writeTemporary(path: string, text: string | Buffer, scratch = dirname(path)): string {
  const temporary = join(scratch, `.${basename(path)}.${process.pid}.tmp`)
  try {
    mkdirSync(scratch, { recursive: true })
    removeAbandoned(scratch)
    const file = openSync(temporary, 'w')
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    return temporary
  } catch (error) {
    rmSync(temporary, { force: true })
    throw explainedInPlace(error, path)
  }
}

function guarded(path: string, temporary: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    rmSync(temporary, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    throw explainedInPlace(error, path)
  }
}

/** What a killed run left half-written. */
function removeAbandoned(directory: string): void {
  for (const name of readdirSync(directory)) {
    const owner = Number(TEMPORARY.exec(name)?.[2] ?? Number.NaN)
    if (Number.isInteger(owner) && owner !== process.pid && !isAlive(owner))
      rmSync(join(directory, name), { force: true })
  }
}
