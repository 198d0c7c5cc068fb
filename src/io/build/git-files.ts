import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { PLACEHOLDER, PLAIN } from '../git.ts'
import { mustRun, type ProgramOptions, runProgram } from '../run-program.ts'

/** Runs git in the project, without the learner's hooks and signing. Rejects with a UserError when git fails. */
export type Git = (args: readonly string[], env?: Record<string, string>) => Promise<string>

export async function openGit(options: ProgramOptions): Promise<Git> {
  const hasIdentity = (await runProgram('git', ['var', 'GIT_COMMITTER_IDENT'], options)).ok
  const before = [...PLAIN, ...(hasIdentity ? [] : PLACEHOLDER)]
  return async (args, env) => mustRun('git', [...before, ...args], { ...options, ...(env && { env }) })
}

/** Runs git in the project; undefined instead of an error when it fails. */
export async function tryGit(args: readonly string[], options: ProgramOptions): Promise<string | undefined> {
  const { ok, output } = await runProgram('git', args, options)
  return ok ? output.trim() : undefined
}

interface NewCommit {
  parents: readonly string[]
  /** A commit or tree whose files the new commit has. */
  from: string
  /** Files that differ from it, by path relative to the project. */
  files: ReadonlyMap<string, Buffer>
  message: string
}

/**
 * Creates a commit and returns its id. Uses a temporary index, so that the work tree, the index, branches and
 * stashes stay unchanged. Rejects with a UserError when git fails.
 */
export async function createCommit(git: Git, { parents, from, files, message }: NewCommit): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'ai-eng-build-'))
  const env = { GIT_INDEX_FILE: join(scratch, 'index') }
  try {
    const prefix = (await git(['rev-parse', '--show-prefix'])).trim()
    await git(['read-tree', from], env)
    for (const [path, content] of files) {
      const copy = join(scratch, 'file')
      writeFileSync(copy, content)
      const blob = (await git(['hash-object', '-w', `--path=${path}`, copy])).trim()
      await git(['update-index', '--add', '--cacheinfo', `100644,${blob},${prefix}${path}`], env)
    }
    const tree = (await git(['write-tree'], env)).trim()
    const above = parents.flatMap((parent) => ['-p', parent])
    return (await git(['commit-tree', tree, ...above, '-m', message])).trim()
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The content of a committed file, decoded as UTF-8; undefined when the commit does not have it. */
export async function readCommitted(
  commit: string,
  path: string,
  options: ProgramOptions,
): Promise<string | undefined> {
  const { ok, output } = await runProgram('git', ['show', `${commit}:./${path}`], {
    ...options,
    keepsEnd: true,
  })
  return ok ? output : undefined
}

interface Texts {
  ours: string
  base: string
  theirs: string
}

/**
 * Merges the change from `base` to `theirs` into `ours`. Returns undefined when both changed the same lines.
 * Rejects with a UserError when git fails.
 */
export async function mergeTexts(texts: Texts, options: ProgramOptions): Promise<string | undefined> {
  const scratch = mkdtempSync(join(tmpdir(), 'ai-eng-merge-'))
  try {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(scratch, name), text)
    const args = ['merge-file', '-p', '--quiet', 'ours', 'base', 'theirs']
    const { ok, output, reason } = await runProgram('git', args, {
      ...options,
      directory: scratch,
      keepsEnd: true,
    })
    if (ok) return output
    // The exit code is the number of conflicts, and 128 or more for an error.
    const conflicts = Number(/exited with (\d+)/.exec(reason)?.[1] ?? 255)
    if (conflicts < 128) return undefined
    throw new UserError(`git merge-file ${reason}: ${output.trim()}`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/**
 * The difference between two texts, as `git diff` prints it, without its first lines; empty for equal texts.
 * Rejects with a UserError when git fails.
 */
export async function diffTexts(texts: { yours: string; template: string }, options: ProgramOptions) {
  const scratch = mkdtempSync(join(tmpdir(), 'ai-eng-diff-'))
  try {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(scratch, name), text)
    const args = ['diff', '--no-index', '--no-color', '--no-ext-diff', '--', 'template', 'yours']
    const { ok, output, reason } = await runProgram('git', args, { ...options, directory: scratch })
    if (ok || reason === 'exited with 1') return output.split('\n').slice(2).join('\n')
    throw new UserError(`git diff ${reason}: ${output.trim()}`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
