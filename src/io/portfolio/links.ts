import type { GithubAnswer } from '../../core/gates/github.ts'
import { isOpenOrMerged, readConclusion } from '../../core/gates/github.ts'
import { readCommit } from '../../core/gates/http.ts'
import type { Link } from '../../core/gates/kind.ts'
import { fetchPublic } from '../gates/fetch-public.ts'
import { fetchFromGithub, type GithubWorld } from '../gates/github.ts'

/** `unknown`: it could not be checked, so it is neither ok nor broken. */
export interface CheckedLink {
  url: string
  result: 'ok' | 'broken' | 'unknown'
  found: string
}

const TRIES = 2

/**
 * Checks a link: on GitHub through the API, which says more than the pages do; elsewhere with one GET request
 * without authentication.
 */
export async function checkLink(link: Link, world: GithubWorld): Promise<CheckedLink> {
  const github = GITHUB.exec(link.url)
  if (github) return { url: link.url, ...(await checkOnGithub(link, github, world)) }
  return { url: link.url, ...(await checkOnWeb(link, world)) }
}

type LinkFinding = Omit<CheckedLink, 'url'>

const GITHUB =
  /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+?)(?:\/(commit|actions\/runs|pull|compare)\/([0-9a-f]+(?:\.{3}[0-9a-f]+)?))?\/?$/
const API: Record<string, string> = {
  commit: 'commits',
  'actions/runs': 'actions/runs',
  pull: 'pulls',
  compare: 'compare',
}

async function checkOnGithub(
  { kind }: Link,
  [, repository, part, id]: string[],
  world: GithubWorld,
): Promise<LinkFinding> {
  const path = part === undefined ? '' : `/${API[part]}/${id}`
  const answer = await fetchFromGithub(`/repos/${repository}${path}`, world)
  if (answer.kind !== 'ok') return describeUnread(answer)
  if (kind === 'run') {
    const conclusion = readConclusion(answer.json)
    return conclusion === 'success' ? OK : { result: 'broken', found: `the run is ${conclusion}` }
  }
  if (kind === 'pull' && !isOpenOrMerged(answer.json))
    return { result: 'broken', found: 'closed, not merged' }
  return OK
}

const OK: LinkFinding = { result: 'ok', found: 'exists' }

function describeUnread(answer: Exclude<GithubAnswer, { kind: 'ok' }>): LinkFinding {
  switch (answer.kind) {
    case 'not-found':
      return { result: 'broken', found: 'not found on GitHub' }
    case 'not-allowed':
      return { result: 'unknown', found: 'GitHub requires authentication to read it' }
    case 'cannot-reach':
      return { result: 'unknown', found: answer.reason }
    default:
      return answer satisfies never
  }
}

async function checkOnWeb({ url, health }: Link, world: GithubWorld): Promise<LinkFinding> {
  const answer = await fetchPublic(health?.url ?? url, { ...world, tries: TRIES })
  switch (answer.kind) {
    case 'bad-url':
      return { result: 'broken', found: 'not an http address' }
    case 'local':
      return { result: 'broken', found: `an address of this machine or network: ${answer.address}` }
    case 'no-answer':
      return { result: health ? 'broken' : 'unknown', found: answer.reason }
    case 'answered':
      break
    default:
      answer satisfies never
  }
  if (answer.status >= 400) return { result: 'broken', found: `it answers ${answer.status}` }
  if (!health) return OK
  const commit = readCommit(answer.text, health.field)
  if (commit === health.commit) return { result: 'ok', found: `it runs ${commit.slice(0, 7)}` }
  return {
    result: 'broken',
    found: `it runs ${commit?.slice(0, 7) ?? 'an unreported commit'}, the evidence is of ${health.commit.slice(0, 7)}`,
  }
}
