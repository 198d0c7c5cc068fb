import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { quoteShellWord } from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { checkSteps } from '../../core/check-steps.ts'
import { Cancelled } from '../../core/errors.ts'
import { failWith, type Outcome, type Problem, succeed, toProblem } from '../../core/outcome.ts'
import type { GitOutcome } from '../../io/git.ts'
import type { World } from '../world.ts'
import type { NewRequest } from './answers.ts'
import type { NewResult } from './result.ts'

export const INSTALL = 'npm ci'

/** A project with all its files on disk. */
export interface MadeProject {
  template: string
  name: string
  /** Absolute. */
  directory: string
  /** As the user would type it. */
  shown: string
  /** Paths of its files, relative to the directory. */
  paths: string[]
}

/** What was done once the files were written; `problem` says what failed. */
export interface Prepared extends Pick<NewResult, 'git' | 'install' | 'checks'> {
  problem: Problem | null
}

/**
 * Prepares a new project for work: a repository with one commit, installed dependencies and, on request, its
 * own checks. Failures and cancels are returned as a problem; rejects only for bugs.
 */
export async function prepareProject(
  project: MadeProject,
  request: NewRequest,
  world: World,
): Promise<Prepared> {
  const git = request.git ? await commit(project, world) : succeed(NO_GIT)
  if (git.problem) return { git: git.result, install: 'skipped', checks: [], problem: git.problem }
  const install = request.install || request.verify ? await installPackages(project, world) : succeed(SKIPPED)
  if (install.problem)
    return { git: git.result, install: install.result, checks: [], problem: install.problem }
  const checks = request.verify ? await verify(project, world) : succeed([])
  return { git: git.result, install: install.result, checks: checks.result, problem: checks.problem }
}

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

async function installPackages(
  project: MadeProject,
  { signal, tell, env }: World,
): Promise<Outcome<NewResult['install']>> {
  const { installPackages } = await import('../../io/npm.ts')
  tell({ kind: 'installing' })
  const onLine = (line: string) => tell({ kind: 'install-line', line })
  const { directory } = project
  const installed = await unlessCancelled(() => installPackages({ directory, signal, onLine }, env))
  if (installed instanceof Cancelled)
    return { result: 'interrupted', problem: cancel(installed, project, INSTALL) }
  const { ok, reason, output } = installed
  tell({ kind: 'installed', ok })
  if (ok) return succeed('done')
  return failWith('failed', `${INSTALL} ${reason}${findNpmError(output)}`, describeResume(project, INSTALL))
}

/**
 * Runs the steps of the repo's own `check` script one by one, so that the error can name the step that
 * failed.
 */
async function verify(project: MadeProject, world: World): Promise<Outcome<NewResult['checks']>> {
  const { runScript } = await import('../../io/npm.ts')
  const { signal, tell, now } = world
  const checks: NewResult['checks'] = []
  for (const step of readCheckSteps(project.directory)) {
    tell({ kind: 'checking', step })
    const start = now().getTime()
    const command = `npm run ${step}`
    const ran = await unlessCancelled(() => runScript(step, { directory: project.directory, signal }))
    if (ran instanceof Cancelled) return { result: checks, problem: cancel(ran, project, command) }
    const { ok, reason, output } = ran
    const seconds = Math.round((now().getTime() - start) / 100) / 10
    checks.push({ step, ok, seconds })
    tell({ kind: 'checked', step, ok, seconds, output })
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

async function unlessCancelled<T>(work: () => Promise<T>): Promise<T | Cancelled> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Cancelled) return error
    throw error
  }
}

/** All files are written by now, so a cancel keeps them and says how to continue. */
function cancel(cancelled: Cancelled, project: MadeProject, command: string): Problem {
  return { ...toProblem(cancelled), hint: describeResume(project, command) }
}

function describeResume({ shown }: MadeProject, command: string): string {
  const enter = shown === '.' ? '' : `cd ${quoteShellWord(shown)} && `
  return `The project is complete. To continue: ${enter}${command}`
}

/** npm's own reason: the last line that it marked as an error, without the path of its log file. */
function findNpmError(output: string): string {
  const errors = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!) /.test(line) && !/complete log|A complete/.test(line))
  const first = errors.find((line) => !/^npm (error|ERR!) code /.test(line))
  return first ? `: ${first.replace(/^npm (error|ERR!) /, '')}` : ''
}
