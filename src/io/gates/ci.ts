import { findRun } from '../../core/gates/ci.ts'
import { readRuns } from '../../core/gates/github.ts'
import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { isSameTree, readGitState, readRemote } from '../git-state.ts'
import { fetchFromGithub } from './github.ts'
import type { GateWorld } from './world.ts'

/** Asks GitHub only about code that is committed and whose remote is on GitHub. */
export async function gatherCi(gate: GateOf<'ci'>, world: GateWorld): Promise<FactsOf<'ci'>> {
  const { commit, dirty } = await readGitState(world)
  const remote = commit ? await readRemote(world) : null
  const facts = { commit, dirty, remote, runs: null, sameTree: [], jobs: null }
  if (!remote?.github || dirty !== false) return facts
  const runs = await fetchFromGithub(`/repos/${remote.github}/actions/runs?per_page=50`, world)
  if (runs.kind !== 'ok') return { ...facts, runs }
  const listed = readRuns(runs.json, gate.workflow)
  const sameTree: string[] = []
  for (const { head_sha, status } of listed) {
    if (!(await isSameTree(head_sha, world))) continue
    sameTree.push(head_sha)
    if (status === 'completed') break
  }
  const run = findRun(listed, sameTree)
  const jobs =
    run?.conclusion === 'success'
      ? await fetchFromGithub(`/repos/${remote.github}/actions/runs/${run.id}/jobs?per_page=100`, world)
      : null
  return { ...facts, runs, sameTree, jobs }
}
