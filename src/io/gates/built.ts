import type { FactsOf } from '../../core/gates/kinds.ts'
import { readBuildRecords } from '../build/records.ts'
import { readRemote } from '../git-state.ts'
import { runProgram } from '../run-program.ts'
import type { GateWorld } from './world.ts'

export async function gatherBuilt(_: unknown, { directory, signal }: GateWorld): Promise<FactsOf<'built'>> {
  const records = readBuildRecords(directory)
  const commits = new Set<string>()
  for (const { commit } of records) {
    const isAncestor = ['merge-base', '--is-ancestor', commit, 'HEAD']
    if (/^[0-9a-f]{40,64}$/.test(commit) && (await runProgram('git', isAncestor, { directory, signal })).ok)
      commits.add(commit)
  }
  return { records, commits, github: (await readRemote({ directory, signal }))?.github ?? null }
}
