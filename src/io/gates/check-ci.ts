import { type Finding, failing, passed, unknown } from '../../core/gates/finding.ts'
import { jobConclusion, runsOf, type WorkflowRun } from '../../core/gates/github.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import { gitState, isSameTree, remoteOf } from '../git-state.ts'
import { type GithubAnswer, githubGet } from './github.ts'
import type { GateWorld } from './world.ts'

type CiGate = GateOf<'ci'>

/**
 * The newest run of the workflow on a commit that holds the same files as HEAD, `.ai-eng/` aside, succeeded, and so did the job that counts. By files and not by
 * commit, because the evidence of a green run is itself committed.
 */
export async function checkCi(gate: CiGate, world: GateWorld): Promise<Finding> {
  const wanted = `a green run of ${gate.workflow} for this code`
  const { commit, dirty } = await gitState(world)
  if (!commit) return failing('no-git', { found: 'no commit here', wanted })
  const remote = await remoteOf(world)
  if (!remote) return failing('no-remote', { found: 'no remote called origin', wanted })
  if (!remote.github) return failing('not-github', { found: remote.url, wanted })
  if (dirty) return failing('not-pushed', { found: 'changes that are not committed', wanted })
  const repository = remote.github
  const listed = await githubGet(`/repos/${repository}/actions/runs?per_page=50`, world)
  if (listed.kind !== 'ok') return notRead(listed, repository, wanted)
  const runs = runsOf(listed.json, gate.workflow)
  if (runs.length === 0)
    return failing('no-run', { found: `no run of ${gate.workflow} in ${repository}`, wanted })
  const run = await firstOfThisTree(runs, world)
  if (!run)
    return failing('not-pushed', {
      found: `the newest run is of ${runs[0]?.head_sha.slice(0, 7)}, here is ${commit.slice(0, 7)}`,
      wanted,
      where: runs[0]?.html_url ?? '',
    })
  return judge(run, { gate, repository, wanted, world })
}

/** The same files may have run more than once: a later commit of evidence, a run started again. The newest that ended counts. */
async function firstOfThisTree(
  runs: readonly WorkflowRun[],
  world: GateWorld,
): Promise<WorkflowRun | undefined> {
  let running: WorkflowRun | undefined
  for (const run of runs) {
    if (!(await isSameTree(run.head_sha, world))) continue
    if (run.status === 'completed') return run
    running ??= run
  }
  return running
}

interface Judging {
  gate: CiGate
  repository: string
  wanted: string
  world: GateWorld
}

async function judge(run: WorkflowRun, { gate, repository, wanted, world }: Judging): Promise<Finding> {
  const name = `run ${run.run_number} on ${run.head_sha.slice(0, 7)}`
  const where = run.html_url
  if (run.status !== 'completed')
    return failing('running', { found: `${name} is ${run.status}`, wanted, where })
  if (run.conclusion !== 'success')
    return failing('red', { found: `${name}: ${run.conclusion}`, wanted, where })
  const jobs = await githubGet(`/repos/${repository}/actions/runs/${run.id}/jobs?per_page=100`, world)
  if (jobs.kind !== 'ok') return notRead(jobs, repository, wanted)
  const conclusion = jobConclusion(jobs.json, gate.job)
  if (conclusion !== 'success')
    return failing('job-skipped', {
      found: `${name} is green, its job "${gate.job}" is ${conclusion}`,
      wanted,
      where,
    })
  return passed(
    `${name} is green`,
    { repository, url: where, commit: run.head_sha, run: run.run_number },
    where,
  )
}

export function notRead(
  answer: Exclude<GithubAnswer, { kind: 'ok' }>,
  what: string,
  wanted: string,
): Finding {
  switch (answer.kind) {
    case 'not-found':
      return failing('no-run', { found: `GitHub knows no ${what}`, wanted })
    case 'not-allowed':
      return unknown('not-allowed', { found: `GitHub does not show ${what} to just anybody`, wanted })
    case 'cannot-reach':
      return unknown('cannot-reach', { found: answer.reason, wanted })
    default:
      return answer satisfies never
  }
}
