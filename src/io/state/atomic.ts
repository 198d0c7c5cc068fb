import {
  createFile as createWhole,
  replaceFile as replaceWhole,
} from '../../../templates/_shared/console/files/kit/console/replace-file.ts'
import { explainWriteInPlace } from '../explain.ts'

/**
 * Replaces a file atomically: after a crash, and for every reader, it is either the old or the new one.
 * Throws the error of the file system, as a UserError where it is the disk's.
 */
export async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  await replaceWhole(path, content).catch((error: unknown) => {
    throw explainWriteInPlace(error, path)
  })
}

/**
 * Creates a file atomically, through `scratch` on the same file system. Returns false when the file already
 * exists. Throws the error of the file system, as a UserError where it is the disk's.
 */
export function createFile(path: string, text: string, scratch?: string): Promise<boolean> {
  return createWhole(path, text, scratch === undefined ? {} : { scratch }).catch((error: unknown) => {
    throw explainWriteInPlace(error, path)
  })
}
