import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { carryChoices, findTemplate } from '../../core/catalogue.ts'
import { UsageError, UserError } from '../../core/errors.ts'
import type { Outcome } from '../../core/outcome.ts'
import { parseManager } from '../../core/pm/name.ts'
import { escapeInvisible } from '../../core/text.ts'
import { readGitState } from '../../io/git-state.ts'
import { isInstalled } from '../../io/packages.ts'
import { PROJECT_FILE, type RoadmapFolder } from '../../io/state/folder.ts'
import { beginUnfinished, claimUnfinished, endUnfinished, readUnfinished } from '../../io/state/unfinished.ts'
import { hasUnfinishedWork, inspectTarget } from '../../io/target.ts'
import type { NewRequest } from '../new/answers.ts'
import { createProject, finishProject } from '../new/new.ts'
import type { NewResult } from '../new/result.ts'
import type { World } from '../world.ts'

interface Making {
  template: string
  /** Its folder in the roadmap folder; the template's name when absent. */
  name: string | undefined
  dryRun: boolean
  yes: boolean
  install: boolean
  git: boolean
}

/**
 * Creates a project as `new` does, in the roadmap folder. Records what it is doing first, so that a later run
 * can complete it. Throws a UsageError for a name that is not a folder name.
 */
export async function makeProject(
  making: Making,
  folder: RoadmapFolder,
  world: World,
): Promise<Outcome<NewResult>> {
  const { template, name = template, dryRun, install, git } = making
  if (basename(name) !== name)
    throw new UsageError(
      `${escapeInvisible(name)} is not the name of a folder`,
      'Projects are folders next to each other in the roadmap folder: give a name such as notes',
    )
  const request = { ...requestFor(making, folder, world), directory: join(folder.directory, name) }
  refuseTakenFolder(request.directory, template)
  if (dryRun) return createProject(request, world)
  const project = basename(request.directory)
  await beginUnfinished(folder.directory, { project, template, git, install })
  try {
    const outcome = await createProject(request, world)
    // If the install failed, the next run completes the project.
    if (!outcome.problem) endUnfinished(folder.directory)
    return outcome
  } catch (error) {
    if (!existsSync(join(request.directory, PROJECT_FILE))) endUnfinished(folder.directory)
    throw error
  }
}

/** Throws a UserError whose advice names the argument of `next`, not the flags of `new`. */
function refuseTakenFolder(directory: string, template: string): void {
  try {
    if (!hasUnfinishedWork(directory)) inspectTarget(directory, { force: false })
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(error.message, `Give the folder another name: ai-eng-starter next my-${template}`)
    throw error
  }
}

/** Options of the template take their defaults, or are asked for. */
function requestFor(
  { template, dryRun, yes, install, git }: Making,
  { projects, current }: RoadmapFolder,
  { catalogue, ask }: World,
): NewRequest {
  const from = projects.find(({ name }) => name === current) ?? projects[0]
  const choices = carryChoices(
    catalogue,
    findTemplate(catalogue, template).manifest,
    from?.file.options ?? {},
  )
  const pm = parseManager(from?.file.packageManager).name
  return {
    template,
    choices,
    ...(from && { pm }),
    yes: yes || !ask,
    install,
    git,
    dryRun,
    force: false,
    verify: false,
    build: false,
  }
}

/**
 * Completes the project of a killed run: its first commit and its dependencies. Null when nothing is left to
 * do. Throws a UserError while that run is still working.
 */
export async function resumeProject(folder: RoadmapFolder, world: World): Promise<Outcome<NewResult> | null> {
  const left = readUnfinished(folder.directory)
  if (!left) return null
  await claimUnfinished(folder.directory, left)
  const made = folder.projects.find(
    ({ name, file }) => name === left.project && file.template === left.template,
  )
  const git = left.git && made !== undefined && !(await hasCommit(made.directory, world.signal))
  const manager = parseManager(made?.file.packageManager)
  const install = left.install && made !== undefined && !isInstalled(made.directory, manager)
  const flags = { yes: true, install, git, dryRun: false, force: false, verify: false }
  const outcome =
    made && (git || install)
      ? await finishProject(
          {
            template: left.template,
            directory: made.directory,
            choices: made.file.options,
            pm: manager.name,
            ...flags,
          },
          world,
        )
      : null
  if (!outcome?.problem) endUnfinished(folder.directory)
  return outcome
}

async function hasCommit(directory: string, signal: AbortSignal): Promise<boolean> {
  return existsSync(join(directory, '.git')) && (await readGitState({ directory, signal })).commit !== null
}
