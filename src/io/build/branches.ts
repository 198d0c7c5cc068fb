import { UserError } from '../../core/errors.ts'
import type { ProgramOptions } from '../run-program.ts'
import { createCommit, type Git, tryGit } from './git-files.ts'

const PREFIX = 'build/'
/** Trailers of the commit that takes code out: the exercise, and the branch to merge into. */
const TRAILER = /^Exercise-(Of|For): (.+)$/gm

/** An exercise that was begun: its branch, and the commit that took the code out. */
export interface Begun {
  exercise: string
  branch: string
  takenOut: string
  /** The branch that it was taken from, and that it is merged into. */
  home: string
  /** When the code was taken out. */
  since: Date
}

export interface Repository {
  /** The branch that is checked out; null for a detached HEAD. */
  branch: string | null
  isClean: boolean
  /** Exercises with a branch. */
  begun: Begun[]
}

/** Throws a UserError when the project has no git repository or no commit. */
export async function readRepository(options: ProgramOptions): Promise<Repository> {
  if ((await tryGit(['rev-parse', '--verify', '--quiet', 'HEAD'], options)) === undefined)
    throw new UserError(
      'Exercises need a git repository with a commit',
      'Run: git init && git add -A && git commit -m "Start"',
    )
  const branch = (await tryGit(['symbolic-ref', '--quiet', '--short', 'HEAD'], options)) ?? null
  const status = await tryGit(['--no-optional-locks', 'status', '--porcelain'], options)
  const listed = await tryGit(['for-each-ref', '--format=%(refname:short)', `refs/heads/${PREFIX}`], options)
  const names = (listed ?? '').split('\n').filter((name) => name !== '')
  const begun = await Promise.all(names.map((name) => readBegun(name, options)))
  return { branch, isClean: status === '', begun: begun.filter((one) => one !== undefined) }
}

/** The commit nearest to the branch's tip that took code out for this exercise. */
async function readBegun(branch: string, options: ProgramOptions): Promise<Begun | undefined> {
  const exercise = branch.slice(PREFIX.length)
  const log = ['log', '-1', '--format=%H%n%cI%n%B', '--grep', `^Exercise-For: ${exercise}$`, branch]
  const found = (await tryGit(log, options)) ?? ''
  const [takenOut = '', at = '', ...message] = found.split('\n')
  const trailers = Object.fromEntries(
    [...message.join('\n').matchAll(TRAILER)].map(([, key = '', value = '']) => [key, value]),
  )
  const home = trailers['Of']
  return home === undefined ? undefined : { exercise, branch, takenOut, home, since: new Date(at) }
}

interface NewBranch {
  exercise: string
  /** The branch that is checked out. */
  home: string
  subject: string
  files: ReadonlyMap<string, Buffer>
}

/**
 * Commits the taken-out files on a new branch and switches to it. Until the switch only git's objects and one
 * new branch exist, so a kill loses nothing. Rejects with a UserError when git fails.
 */
export async function openBranch(git: Git, { exercise, home, subject, files }: NewBranch): Promise<void> {
  const message = `${subject}\n\nExercise-For: ${exercise}\nExercise-Of: ${home}`
  const commit = await createCommit(git, { parents: ['HEAD'], from: 'HEAD', files, message })
  await git(['update-ref', `refs/heads/${PREFIX}${exercise}`, commit, '0'.repeat(commit.length)])
  await switchBranch(git, `${PREFIX}${exercise}`)
}

export async function switchBranch(git: Git, branch: string): Promise<void> {
  await git(['switch', '--quiet', branch])
}

/** Commits everything in the project that differs, if anything does. */
export async function commitWork(git: Git, message: string): Promise<void> {
  if ((await git(['status', '--porcelain', '--', '.'])).trim() === '') return
  await git(['add', '--all', '.'])
  await git(['commit', '--quiet', '--no-verify', '-m', message])
}

interface Merge {
  begun: Begun
  message: string
  /** Added to the merge. */
  files: ReadonlyMap<string, Buffer>
}

/**
 * Merges an exercise into its home branch, switches to that and deletes the exercise's branch. The home branch
 * moves in one step, from its old commit to the whole merge. Throws a UserError, with everything as it was,
 * when both branches changed the same lines.
 */
export async function mergeBranch(git: Git, { begun, message, files }: Merge, options: ProgramOptions) {
  const { branch, home } = begun
  const before = await tryGit(['rev-parse', '--verify', '--quiet', `refs/heads/${home}`], options)
  if (before === undefined)
    throw new UserError(`The branch ${home} is gone`, `Create it again: git branch ${home}`)
  const tree = await tryGit(['merge-tree', '--write-tree', home, branch], options)
  if (tree === undefined)
    throw new UserError(
      `${branch} and ${home} changed the same lines`,
      `Merge by hand: git switch ${home} && git merge ${branch}`,
    )
  const parents = [before, branch]
  const commit = await createCommit(git, { parents, from: tree.split('\n')[0] ?? '', files, message })
  await git(['update-ref', `refs/heads/${home}`, commit, before])
  await leaveBranch(git, begun)
}

/** Switches to the home branch and deletes the exercise's, which is merged. */
export async function leaveBranch(git: Git, { branch, home }: Begun): Promise<void> {
  await switchBranch(git, home)
  await git(['branch', '--quiet', '-D', branch])
}

/** Whether the exercise's branch is already part of its home branch: a kill came between merge and switch. */
export async function isMerged({ branch, home }: Begun, options: ProgramOptions): Promise<boolean> {
  return (await tryGit(['merge-base', '--is-ancestor', branch, home], options)) !== undefined
}
