import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSteps } from '../../core/check-steps.ts'
import { Cancelled } from '../../core/errors.ts'
import { failWith, type Outcome, type Problem, succeed } from '../../core/outcome.ts'
import { findWords } from '../../core/pm/words.ts'
import type { GitOutcome } from '../../io/git.ts'
import type { World } from '../world.ts'
import type { NewRequest } from './answers.ts'
import { explainUnchecked, listPaths, settleLock } from './lock.ts'
import { cancel, describeResume, findReason, type MadeProject, unlessCancelled } from './made.ts'
import type { NewResult } from './result.ts'

/** What was done once the files were written; `problem` says what failed. */
export interface Prepared extends Pick<NewResult, 'lock' | 'git' | 'install' | 'checks'> {
  problem: Problem | null
}

/**
 * Prepares a new project for work: the lock file of its package manager, a repository with one commit,
 * installed dependencies and, on request, its own checks. Failures and cancels are returned as a problem; rejects only for bugs.
 */
export async function prepareProject(
  project: MadeProject,
  request: NewRequest,
  world: World,
): Promise<Prepared> {
  const lock = await settleLock(project, request, world)
  const done = { lock: lock.result, git: NOT_REACHED, install: SKIPPED, checks: [] }
  if (lock.problem) return { ...done, problem: lock.problem }
  const settled = { ...project, paths: listPaths(project, lock.result) }
  const git = request.git ? await commit(settled, world) : succeed(NO_GIT)
  if (git.problem) return { ...done, git: git.result, problem: git.problem }
  const isLocked = lock.result.status !== 'todo'
  if (request.verify && !isLocked)
    return { ...done, git: git.result, problem: explainUnchecked(project, lock.result) }
  const wanted = (request.install || request.verify) && isLocked
  const install = wanted ? await installDependencies(project, world) : succeed(SKIPPED)
  if (install.problem) return { ...done, git: git.result, install: install.result, problem: install.problem }
  const checks = request.verify ? await verify(project, world) : succeed([])
  const { result, problem } = checks
  return { lock: lock.result, git: git.result, install: install.result, checks: result, problem }
}

const NOT_REACHED: GitOutcome = { status: 'skipped', reason: 'interrupted' }
const NO_GIT: GitOutcome = { status: 'skipped', reason: '--no-git' }
const SKIPPED: NewResult['install'] = 'skipped'

async function commit(project: MadeProject, { signal, tell }: World): Promise<Outcome<GitOutcome>> {
  const { commitFirst } = await import('../../io/git.ts')
  const { directory, name, template, paths } = project
  const message = `Start ${name} from ai-eng-starter's ${template} template`
  const outcome = await unlessCancelled(() => commitFirst({ directory, signal }, message, paths))
  if (outcome instanceof Cancelled)
    return {
      result: { status: 'skipped', reason: 'interrupted' },
      problem: cancel(outcome, project, 'git init'),
    }
  tell({ kind: 'git', outcome })
  return succeed(outcome)
}

async function installDependencies(
  project: MadeProject,
  { signal, tell, env }: World,
): Promise<Outcome<NewResult['install']>> {
  const { installPackages } = await import('../../io/packages.ts')
  const { directory, manager, ci: command } = project
  tell({ kind: 'installing', command })
  const onLine = (line: string) => tell({ kind: 'install-line', line })
  const installed = await unlessCancelled(() => installPackages(command, { directory, signal, onLine }, env))
  if (installed instanceof Cancelled)
    return { result: 'interrupted', problem: cancel(installed, project, command) }
  const { ok, reason, output } = installed
  tell({ kind: 'installed', ok })
  if (ok) return succeed('done')
  const why = findReason(output, manager)
  return failWith('failed', `${command} ${reason}${why}`, describeResume(project, command))
}

/**
 * Runs the steps of the repo's own `check` script one by one, so that the error can name the step that
 * failed.
 */
async function verify(project: MadeProject, world: World): Promise<Outcome<NewResult['checks']>> {
  const { runScript } = await import('../../io/packages.ts')
  const { signal, tell, now } = world
  const { directory, manager } = project
  const checks: NewResult['checks'] = []
  for (const step of readCheckSteps(directory)) {
    const command = `${findWords(manager).run} ${step}`
    tell({ kind: 'checking', command })
    const start = now().getTime()
    const ran = await unlessCancelled(() => runScript(manager, step, { directory, signal }))
    if (ran instanceof Cancelled) return { result: checks, problem: cancel(ran, project, command) }
    const { ok, reason, output } = ran
    const seconds = Math.round((now().getTime() - start) / 100) / 10
    checks.push({ step, ok, seconds })
    tell({ kind: 'checked', command, ok, seconds, output })
    if (!ok)
      return failWith(checks, `${command} ${reason} in the new project`, describeResume(project, command))
  }
  return succeed(checks)
}

function readCheckSteps(directory: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    scripts: { check: string }
  }
  return checkSteps(scripts.check)
}
