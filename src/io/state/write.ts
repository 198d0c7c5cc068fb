import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { toJson } from '../../core/package-json.ts'
import type { Evidence, LastChecks, Settings } from '../../core/state/files.ts'
import { createFile, replaceFile } from './atomic.ts'
import { readSettings, SETTINGS_FILE } from './folder.ts'
import { withLock } from './lock.ts'

/**
 * Changes `ai-eng.json` under a lock. Keeps fields that a newer version added. Throws a UserError while
 * another process holds the lock.
 */
export function updateSettings(
  directory: string,
  change: (settings: Settings) => Settings,
): Promise<Settings> {
  return withLock(join(directory, '.ai-eng.lock'), async () => {
    const changed = change(readSettings(directory))
    await replaceFile(join(directory, SETTINGS_FILE), toJson(changed))
    return changed
  })
}

/**
 * Writes one record of evidence, in its own file, so that the records of two machines merge. Returns it as
 * written, with its path in the project.
 */
export async function writeEvidence(
  directory: string,
  record: Evidence,
): Promise<{ path: string; record: Evidence }> {
  const scratch = await ensureCache(directory)
  const sha = record.commit?.slice(0, 7) ?? 'nocommit'
  for (let attempt = 0; ; attempt++) {
    const at = new Date(Date.parse(record.at) + attempt).toISOString()
    const path = `.ai-eng/evidence/${record.gate}/${at.replace(/[:.]/g, '-')}-${sha}.json`
    const written = { ...record, at }
    if (await createFile(join(directory, path), toJson(written), scratch)) return { path, record: written }
  }
}

/** Stores what the last check found. */
export async function writeLastChecks(directory: string, gates: LastChecks): Promise<void> {
  await replaceFile(
    join(await ensureCache(directory), 'last-check.json'),
    toJson({ schemaVersion: 1, gates }),
  )
}

/** Creates a folder that ignores itself in git. A killed run may leave files in it; they do no harm. */
async function ensureCache(directory: string): Promise<string> {
  const cache = join(directory, '.ai-eng/cache')
  if (!existsSync(join(cache, '.gitignore'))) await replaceFile(join(cache, '.gitignore'), '*\n')
  return cache
}
