import { readCommit, resolveAddress } from '../../core/gates/http.ts'
import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { isSameTree, readGitState } from '../git-state.ts'
import { fetchPublic } from './fetch-public.ts'
import type { GateWorld } from './world.ts'

const TRIES = 3

export async function gatherHttp(gate: GateOf<'http'>, world: GateWorld): Promise<FactsOf<'http'>> {
  const base = world.folder.settings.vars[gate.variable]
  if (!base) return { base, answer: null, head: null, isSameTree: false }
  const answer = await fetchPublic(resolveAddress(base, gate.path), { ...world, tries: TRIES })
  const commit = answer.kind === 'answered' ? readCommit(answer.text, gate.commitField) : undefined
  if (!commit) return { base, answer, head: null, isSameTree: false }
  const head = await readGitState(world)
  return { base, answer, head: head.commit, isSameTree: await isSameTree(commit, world) }
}
