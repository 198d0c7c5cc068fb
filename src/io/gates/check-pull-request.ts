import { type Finding, failing, passed } from '../../core/gates/finding.ts'
import { parsePull } from '../../core/gates/github.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import { notRead } from './check-ci.ts'
import { githubGet } from './github.ts'
import type { GateWorld } from './world.ts'

const PULL = /^https:\/\/github\.com\/([\w.-]+)\/([\w.-]+)\/pull\/(\d+)\/?$/

/** Open or merged, in a repository whose owner is not its author. */
export async function checkPullRequest(gate: GateOf<'pull-request'>, world: GateWorld): Promise<Finding> {
  const wanted = "an open or merged pull request in somebody else's repository"
  const url = world.folder.settings.vars[gate.variable]
  if (!url) return failing('no-url', { found: `${gate.variable} is not set`, wanted })
  const [, owner, name, number] = PULL.exec(url) ?? []
  if (!owner) return failing('bad-url', { found: url, wanted: 'https://github.com/OWNER/REPO/pull/NUMBER' })
  const answer = await githubGet(`/repos/${owner}/${name}/pulls/${number}`, world)
  if (answer.kind === 'not-found') return failing('not-found', { found: `GitHub knows no ${url}`, wanted })
  if (answer.kind !== 'ok') return notRead(answer, url, wanted)
  const { title, state, merged, user, base } = parsePull(answer.json)
  const outcome = merged ? 'merged' : state
  if (user.login.toLowerCase() === base.repo.owner.login.toLowerCase())
    return failing('own-repo', {
      found: `${base.repo.full_name} belongs to ${user.login}, who opened it`,
      wanted,
      where: url,
    })
  if (outcome === 'closed') return failing('closed', { found: 'closed, not merged', wanted, where: url })
  const data = { url, title, state: outcome, repository: base.repo.full_name, author: user.login }
  return passed(`${base.repo.full_name}#${number}, ${outcome}`, data, url)
}
