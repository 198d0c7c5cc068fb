import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { readPullAddress } from '../../core/gates/pull-request.ts'
import { fetchFromGithub } from './github.ts'
import type { GateWorld } from './world.ts'

export async function gatherPullRequest(
  { variable }: GateOf<'pull-request'>,
  world: GateWorld,
): Promise<FactsOf<'pull-request'>> {
  const url = world.folder.settings.vars[variable]
  const address = url === undefined ? undefined : readPullAddress(url)
  if (!address) return { url, answer: null }
  const { owner, name, number } = address
  return { url, answer: await fetchFromGithub(`/repos/${owner}/${name}/pulls/${number}`, world) }
}
