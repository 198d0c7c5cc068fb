import { existsSync, lstatSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { UsageError, UserError } from '../../core/errors.ts'
import { toJson } from '../../core/package-json.ts'
import { formatManager, NPM, pinManager } from '../../core/pm/name.ts'
import { parseProject } from '../../core/state/files.ts'
import { escapeControls } from '../../core/text.ts'
import { detectManager } from '../packages.ts'
import { createFile } from './atomic.ts'
import { PROJECT_FILE } from './folder.ts'
import { readIfThere } from './read-if-there.ts'

/**
 * Writes `.ai-eng/project.json` into a repo that `new` did not create. Returns false when it is already a
 * project of that template. Throws a UsageError for a directory that is not a repo or is a project of another
 * template, a StateError for an unreadable project file.
 */
export async function adoptDirectory(
  directory: string,
  { template, version }: { template: string; version: string },
): Promise<boolean> {
  refuse(directory)
  const path = join(directory, PROJECT_FILE)
  const manager = pinManager(detectManager(directory), undefined)
  const file = {
    ...{ schemaVersion: 1, template, templateVersion: version, adopted: true, options: {} },
    ...(manager.name !== NPM.name && { packageManager: formatManager(manager) }),
    files: {},
  }
  if (await createFile(path, toJson(file))) return true
  const known = parseProject(readIfThere(path, PROJECT_FILE) ?? '', {
    path: PROJECT_FILE,
    restore: () => 'Fix it by hand, or move it away, then adopt again',
  })
  if (known.template === template) return false
  throw new UserError(
    `${escapeControls(directory)} is already a ${known.template} project`,
    'A project counts for one step: adopt another directory',
  )
}

function refuse(directory: string): void {
  const shown = escapeControls(directory)
  if (!existsSync(directory) || !lstatSync(directory).isDirectory())
    throw new UsageError(`${shown} is not a directory`, 'Give the directory of an existing repo')
  if (directory === homedir() || dirname(directory) === directory)
    throw new UsageError(`${shown} is not a repo`, 'Give the directory of an existing repo')
  if (!existsSync(join(directory, 'package.json')) && !existsSync(join(directory, '.git')))
    throw new UsageError(
      `${shown} has neither a package.json nor a .git`,
      'Give the directory of an existing repo',
    )
}
