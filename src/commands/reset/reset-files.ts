import { quoteShellCommand } from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { Cancelled, EXIT, UsageError, UserError } from '../../core/errors.ts'
import type { PlannedFile } from '../../core/plan.ts'
import { escapeControls } from '../../core/text.ts'
import { listNames } from '../../core/words.ts'
import { type Ask, BACK } from '../../io/ask.ts'
import { saveBackup } from '../../io/git-backup.ts'
import { readGitState } from '../../io/git-state.ts'
import { findDiffering, findMissing, restoreFiles } from '../../io/restore.ts'
import type { Project } from '../../io/state/folder.ts'
import { NAMELESS, replanFiles } from '../replan.ts'
import { readRoad } from '../road.ts'
import type { World } from '../world.ts'

export interface ResetFilesResult {
  /** The project's folder in the roadmap folder. */
  project: string
  /** Files restored to their original content. */
  restored: string[]
  /** Changed files whose original this version does not have. */
  kept: string[]
  /** The ref that holds the previous files; null when there was nothing to restore. */
  backup: string | null
  /** The command that undoes the reset. */
  undo: string | null
}

/**
 * Restores files that the template copied verbatim and that have changed since, after saving everything under
 * a git ref. Files that were rendered for the project, and the learner's own, stay. Throws a UserError
 * outside a project, without a commit, or when the learner declines; a UsageError without a terminal and
 * `yes`.
 */
export async function resetFiles({ yes }: { yes: boolean }, world: World): Promise<ResetFilesResult> {
  const { folder, road } = readRoad(world)
  const project = folder.projects.find(({ name }) => name === (folder.current ?? road.current?.project))
  if (!project)
    throw new UserError('This folder is not in a project', 'Run it inside a project', {
      exitCode: EXIT.usage,
    })
  const { restorable, kept } = findOriginals(project, world)
  if (restorable.length === 0) return { project: project.name, restored: [], kept, backup: null, undo: null }
  const options = { directory: project.directory, signal: world.signal }
  if ((await readGitState(options)).commit === null)
    throw new UserError(
      `${escapeControls(project.name)} has no commit, so no backup can be saved`,
      'Commit first: git init && git add -A && git commit -m "before reset"',
    )
  await confirm(restorable, yes, world.ask)
  const restored = restorable.map(({ path }) => path)
  const gone = findMissing(project.directory, restored)
  const backup = await saveBackup(options, world.now())
  await restoreFiles(project.directory, restorable)
  const undo = formatUndo(
    backup,
    restored.filter((path) => !gone.includes(path)),
    gone,
  )
  return { project: project.name, restored, kept, backup, undo }
}

function formatUndo(backup: string, changed: readonly string[], added: readonly string[]): string {
  const back = ['git', 'restore', `--source=${backup}`, '--worktree', '--', ...changed]
  const away = ['rm', '--', ...added]
  const commands = [...(changed.length > 0 ? [back] : []), ...(added.length > 0 ? [away] : [])]
  return commands.map(quoteShellCommand).join(' && ')
}

/** Files that differ from their hash in `project.json`. Only content with exactly that hash is restored. */
function findOriginals(project: Project, world: World): { restorable: PlannedFile[]; kept: string[] } {
  const { files } = project.file
  const changed = findDiffering(project.directory, files)
  // None of the restored files contains the name.
  const planned = replanFiles(project.file, NAMELESS, world)
  const restorable = planned.filter(
    ({ path, copyOf }) =>
      changed.includes(path) &&
      copyOf?.source.kind === 'bytes' &&
      files[path] === `sha256-${copyOf.source.sha256}`,
  )
  const known = restorable.map(({ path }) => path)
  return { restorable, kept: changed.filter((path) => !known.includes(path)) }
}

async function confirm(files: readonly PlannedFile[], yes: boolean, ask: Ask | undefined): Promise<void> {
  if (yes) return
  if (!ask)
    throw new UsageError('reset --files changes files, and without a terminal it cannot ask', 'Add --yes')
  const names = listNames(
    files.map(({ path }) => path),
    5,
  )
  const answer = await ask.choose(`Restore the original content: ${names}?`, [
    { value: 'yes', label: 'yes', hint: 'everything is saved under a git ref first' },
    { value: 'no', label: 'no' },
  ])
  if (answer === BACK) throw new Cancelled('SIGINT', 'Nothing was changed')
  if (answer !== 'yes') throw new UserError('Nothing was changed')
}
