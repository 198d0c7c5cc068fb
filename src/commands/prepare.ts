import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { quoteShellWord } from '../../templates/_shared/console/files/kit/console/shell.ts'
import { checkSteps } from '../core/check-steps.ts'
import { Cancelled, UserError } from '../core/errors.ts'
import type { NewRequest } from './answers.ts'
import type { NewResult, NewWorld } from './new.ts'

export const INSTALL = 'npm ci'

/** Makes a tree that is there ready for work: a repository with one commit, its dependencies and, when asked for, its own checks. */
export async function prepare(
  result: NewResult,
  directory: string,
  request: NewRequest,
  world: NewWorld,
): Promise<NewResult> {
  const options = { directory, signal: world.signal }
  if (request.git) await commit(result, options, world)
  if (request.install || request.verify) await install(result, options, world)
  if (request.verify) await verify(result, options, world)
  return result
}

interface Running {
  directory: string
  signal: AbortSignal
}

async function commit(result: NewResult, options: Running, { tell }: NewWorld): Promise<void> {
  const { commitFirst } = await import('../io/git.ts')
  const message = `Start ${result.name} from ai-eng-starter's ${result.template} template`
  const paths = result.files.map(({ path }) => path)
  result.git = await keepingTree(result, 'git init', () => commitFirst(options, message, paths))
  tell({ kind: 'git', outcome: result.git })
}

async function install(result: NewResult, options: Running, { tell, env }: NewWorld): Promise<void> {
  const { npmInstall } = await import('../io/npm.ts')
  tell({ kind: 'installing' })
  result.install = 'interrupted'
  const onLine = (line: string) => tell({ kind: 'install-line', line })
  const { ok, reason, output } = await keepingTree(result, 'npm ci', () =>
    npmInstall({ ...options, onLine }, env),
  )
  result.install = ok ? 'done' : 'failed'
  if (ok) result.next = result.next.filter((command) => command !== INSTALL)
  tell({ kind: 'installed', ok })
  if (!ok)
    throw new UserError(`npm ci ${reason}${lastError(output)}`, resume(result, 'npm ci'), { done: result })
}

/** The repo's own `check` script, one step after the other, so that the first failure has a name. */
async function verify(result: NewResult, options: Running, { tell, now }: NewWorld): Promise<void> {
  const { npmRun } = await import('../io/npm.ts')
  for (const step of stepsOf(options.directory)) {
    tell({ kind: 'checking', step })
    const start = now().getTime()
    const { ok, reason, output } = await keepingTree(result, `npm run ${step}`, () => npmRun(step, options))
    const seconds = Math.round((now().getTime() - start) / 100) / 10
    result.checks.push({ step, ok, seconds })
    tell({ kind: 'checked', step, ok, seconds, output })
    if (!ok)
      throw new UserError(`npm run ${step} ${reason} in the new project`, resume(result, `npm run ${step}`), {
        done: result,
      })
  }
}

function stepsOf(directory: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    scripts: { check: string }
  }
  return checkSteps(scripts.check)
}

/** The tree is complete by now, so a cancel keeps it and says how to go on. */
async function keepingTree<T>(result: NewResult, command: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
    throw new Cancelled(error.signal, resume(result, command), result)
  }
}

function resume({ directory }: NewResult, command: string): string {
  const enter = directory === '.' ? '' : `cd ${quoteShellWord(directory)} && `
  return `The project is complete. To go on: ${enter}${command}`
}

/** npm's own reason: the last line that it marked as an error, without its log file's path. */
function lastError(output: string): string {
  const errors = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!) /.test(line) && !/complete log|A complete/.test(line))
  const first = errors.find((line) => !/^npm (error|ERR!) code /.test(line))
  return first ? `: ${first.replace(/^npm (error|ERR!) /, '')}` : ''
}
