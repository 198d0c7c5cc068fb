import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A reader, or a crash, sees the old file or the new one, never half of it. Makes the folder if need be. */
export async function replaceFile(path: string, text: string, { mode = 0o666 } = {}): Promise<void> {
  const staged = `${path}.${randomUUID()}.tmp`
  await mkdir(dirname(path), { recursive: true })
  try {
    const file = await open(staged, 'wx', mode)
    try {
      await file.writeFile(text)
      // Otherwise the rename may reach the disk before the content does.
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(staged, path)
  } catch (error) {
    await rm(staged, { force: true })
    throw error
  }
}
