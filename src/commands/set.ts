import { checkVariable } from '../core/variables.ts'
import { isLocalHost } from '../io/gates/addresses.ts'
import { readPost } from '../io/gates/prose.ts'
import { readFolder, SETTINGS_FILE } from '../io/state/folder.ts'
import { updateSettings } from '../io/state/write.ts'
import type { World } from './world.ts'

export interface SetResult {
  key: string
  value: string
  /** The previous value. */
  before: string | null
  /** Why the gate that needs the value would still fail, or null. */
  note: string | null
  /** The file that holds it, in the roadmap folder. */
  file: string
  directory: string
}

/**
 * Stores a value that belongs to no project, such as the address of a deployed one, in `ai-eng.json` of the
 * roadmap folder. Throws a UsageError for an invalid key or value.
 */
export async function setVariable(
  { key, value }: { key: string; value: string },
  { directory: from, roadmap }: World,
): Promise<SetResult> {
  const { directory, projects } = readFolder(from)
  const checked = checkVariable(roadmap, {
    ...{ key, value, isLocalHost },
    projects: projects.map(({ name }) => name),
    findFile: (path) => readPost(directory, path),
  })
  let before: string | null = null
  await updateSettings(directory, (settings) => {
    before = settings.vars[key] ?? null
    return { ...settings, vars: { ...settings.vars, [key]: checked.value } }
  })
  return { key, ...checked, before, file: SETTINGS_FILE, directory }
}
