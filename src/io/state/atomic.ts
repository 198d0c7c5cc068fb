import {
  createFile as createWhole,
  replaceFile as replaceWhole,
} from '../../../templates/_shared/console/files/kit/console/replace-file.ts'
import { explainWriteInPlace } from '../explain.ts'

/** Replaces a file whole: a reader, or a machine that stops, sees the old one or the new one. */
export async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  await replaceWhole(path, content).catch((error: unknown) => {
    throw explainWriteInPlace(error, path)
  })
}

/** Writes a file that must not be there yet, by way of `scratch` on the same file system. Returns false when it is. */
export function createFile(path: string, text: string, scratch?: string): Promise<boolean> {
  return createWhole(path, text, scratch === undefined ? {} : { scratch }).catch((error: unknown) => {
    throw explainWriteInPlace(error, path)
  })
}
