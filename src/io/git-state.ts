import { runProgram } from './run-program.ts'

interface GitPlace {
  directory: string
  signal: AbortSignal
}

/** Evidence may be committed after the code that it proves. */
const WITHOUT_EVIDENCE = ['--', '.', ':(exclude).ai-eng']

/**
 * The checked-out commit, and whether any file except evidence differs from it. Nulls without git or a
 * commit.
 */
export async function readGitState(
  where: GitPlace,
): Promise<{ commit: string | null; dirty: boolean | null }> {
  const { ok, output } = await runProgram(
    'git',
    // Reading the status must not lock or rewrite an index that an editor is using.
    ['--no-optional-locks', 'status', '--porcelain=v2', '--branch', ...WITHOUT_EVIDENCE],
    where,
  )
  const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(output)?.[1]
  if (!ok || !commit) return { commit: null, dirty: null }
  return { commit, dirty: output.split('\n').some((line) => line !== '' && !line.startsWith('#')) }
}

/**
 * Whether a commit has the same files as HEAD, except `.ai-eng/`. False for a commit that is not in this
 * repository.
 */
export async function isSameTree(commit: string, where: GitPlace): Promise<boolean> {
  if (!/^[0-9a-f]{7,64}$/.test(commit)) return false
  return (await runProgram('git', ['diff', '--quiet', commit, 'HEAD', ...WITHOUT_EVIDENCE], where)).ok
}

/** `owner/name` on github.com; the address itself for other hosts; null without a remote. */
export async function readRemote(where: GitPlace): Promise<{ github: string | null; url: string } | null> {
  const { ok, output } = await runProgram('git', ['config', '--get', 'remote.origin.url'], where)
  const url = output.trim()
  if (!ok || url === '') return null
  const github =
    /^(?:https?:\/\/(?:[^@/]*@)?github\.com\/|(?:ssh:\/\/)?git@github\.com[:/])([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
      url,
    )
  return { github: github?.[1] ?? null, url }
}
