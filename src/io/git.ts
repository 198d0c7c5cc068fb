import { mustRun, type ProgramOptions, runProgram } from './run-program.ts'

export type GitOutcome =
  | { status: 'committed'; identity: 'yours' | 'placeholder' }
  | { status: 'skipped'; reason: string }

/** The user's hooks, signing and templates are for the user's own commits. */
export const PLAIN = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'commit.gpgsign=false',
  '-c',
  'init.templateDir=',
]
/** Git does not see a repository of another user, so a second one would be created inside it. For reading only. */
const ANY_OWNER = ['-c', 'safe.directory=*']
export const PLACEHOLDER = ['-c', 'user.name=ai-eng-starter', '-c', 'user.email=ai-eng-starter@localhost']

/**
 * Creates a repository with one commit of the given paths and nothing else, unless git is missing or the
 * directory is already inside a repository. Throws a UserError when git fails.
 */
export async function commitFirst(
  options: ProgramOptions,
  message: string,
  paths: readonly string[],
): Promise<GitOutcome> {
  const inside = await runProgram('git', [...ANY_OWNER, 'rev-parse', '--show-toplevel'], options)
  if (inside.reason.endsWith('was not found')) return { status: 'skipped', reason: 'git is not installed' }
  const ownEmptyRepository = inside.ok && (await isOwnEmptyRepository(inside.output.trim(), options))
  if (inside.ok && !ownEmptyRepository)
    return { status: 'skipped', reason: `already inside the repository ${inside.output.trim()}` }
  if (!inside.ok) await mustRun('git', [...PLAIN, 'init', '--quiet', '--initial-branch=main'], options)
  const hasIdentity = (await runProgram('git', ['var', 'GIT_COMMITTER_IDENT'], options)).ok
  await mustRun('git', ['add', '--force', '--', ...paths], options)
  await mustRun(
    'git',
    [...PLAIN, ...(hasIdentity ? [] : PLACEHOLDER), 'commit', '--quiet', '--no-verify', '-m', message],
    options,
  )
  return { status: 'committed', identity: hasIdentity ? 'yours' : 'placeholder' }
}

/**
 * Whether the directory is a repository without a commit, as after `git init`: the first commit is then ours
 * to make.
 */
async function isOwnEmptyRepository(top: string, options: ProgramOptions): Promise<boolean> {
  const prefix = await runProgram('git', [...ANY_OWNER, 'rev-parse', '--show-prefix'], options)
  const head = await runProgram('git', [...ANY_OWNER, 'rev-parse', '--verify', '--quiet', 'HEAD'], options)
  return top !== '' && prefix.output.trim() === '' && !head.ok
}
