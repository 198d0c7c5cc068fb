import * as z from 'zod/mini'
import { common, line } from './fields.ts'
import { type Finding, fail } from './finding.ts'
import { type GithubAnswer, leaveUnread, readJobConclusion, readRuns, type WorkflowRun } from './github.ts'
import { defineKind, makeLink } from './kind.ts'

export interface CiFacts {
  commit: string | null
  /** Whether any file except evidence differs from the commit. */
  dirty: boolean | null
  remote: { github: string | null; url: string } | null
  /** GitHub's list of runs; null when it was not requested. */
  runs: GithubAnswer | null
  /** Commits of runs whose files equal those of HEAD, except `.ai-eng/`. */
  sameTree: readonly string[]
  /** GitHub's list of jobs of the run that counts; null when it was not requested. */
  jobs: GithubAnswer | null
}

const codes = [
  'no-git',
  'no-remote',
  'not-github',
  'not-pushed',
  'no-run',
  'running',
  'red',
  'job-skipped',
] as const
const evidence = z.looseObject({ repository: z.string(), url: z.url(), commit: z.string() })

/**
 * The newest run of the workflow on a commit with the same files as HEAD (except `.ai-eng/`) succeeded, and
 * so did the job that counts. Compares files, not commits, because the evidence of a green run is itself
 * committed.
 */
export const ci = defineKind({
  schema: z.strictObject({ ...common, kind: z.literal('ci'), workflow: line, job: line }),
  codes,
  evidence,
  isScored: false,
  judge(gate, facts: CiFacts): Finding<(typeof codes)[number], z.infer<typeof evidence>> {
    const wanted = `a green run of ${gate.workflow} for this code`
    const { commit, dirty, remote, runs: listed } = facts
    if (!commit) return fail('no-git', { found: 'no commit here', wanted })
    if (!remote) return fail('no-remote', { found: 'no remote named origin', wanted })
    if (!remote.github) return fail('not-github', { found: remote.url, wanted })
    if (dirty || !listed) return fail('not-pushed', { found: 'uncommitted changes', wanted })
    const repository = remote.github
    if (listed.kind === 'not-found') return fail('no-run', { found: `GitHub has no ${repository}`, wanted })
    if (listed.kind !== 'ok') return leaveUnread(listed, repository, wanted)
    const runs = readRuns(listed.json, gate.workflow)
    if (runs.length === 0)
      return fail('no-run', { found: `no run of ${gate.workflow} in ${repository}`, wanted })
    const run = findRun(runs, facts.sameTree)
    if (!run)
      return fail('not-pushed', {
        found: `the newest run is of ${runs[0]?.head_sha.slice(0, 7)}, your commit is ${commit.slice(0, 7)}`,
        wanted,
        where: runs[0]?.html_url,
      })
    const name = `run ${run.run_number} on ${run.head_sha.slice(0, 7)}`
    const where = run.html_url
    if (run.status !== 'completed')
      return fail('running', { found: `${name} is ${run.status}`, wanted, where })
    if (run.conclusion !== 'success')
      return fail('red', { found: `${name}: ${run.conclusion}`, wanted, where })
    const { jobs } = facts
    if (!jobs || jobs.kind === 'not-found')
      return fail('no-run', { found: `GitHub lists no jobs for ${name}`, wanted, where })
    if (jobs.kind !== 'ok') return leaveUnread(jobs, repository, wanted)
    const conclusion = readJobConclusion(jobs.json, gate.job)
    if (conclusion !== 'success')
      return fail('job-skipped', {
        found: `${name} is green, its job "${gate.job}" is ${conclusion}`,
        wanted,
        where,
      })
    const data = { repository, url: where, commit: run.head_sha, run: run.run_number }
    return {
      result: 'passed',
      code: null,
      found: `${name} is green`,
      wanted: `${name} is green`,
      where,
      data,
    }
  },
  portfolio: {
    part: 'projects',
    label: 'CI',
    describe: () => ({ label: 'CI', text: 'green for this code' }),
    findLinks: (_, { url }) => [makeLink('run', 'CI run', url)],
  },
})

/**
 * The same files may have been run more than once: a later commit of evidence, a restarted run. The newest
 * completed run counts.
 */
export function findRun(runs: readonly WorkflowRun[], sameTree: readonly string[]): WorkflowRun | undefined {
  const own = runs.filter(({ head_sha }) => sameTree.includes(head_sha))
  return own.find(({ status }) => status === 'completed') ?? own[0]
}
