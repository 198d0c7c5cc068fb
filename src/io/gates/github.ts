import { describeNetworkFailure } from '../../../templates/_shared/net/files/kit/net/failure.ts'
import type { GithubAnswer } from '../../core/gates/github.ts'
import { runProgram } from '../run-program.ts'
import { isLoopback } from './addresses.ts'
import type { GateWorld } from './world.ts'

export type GithubWorld = Pick<GateWorld, 'directory' | 'env' | 'signal' | 'fetch' | 'allowLoopback'>

const TIMEOUT_MS = 15_000

/**
 * Reads one page of GitHub's REST API: with a token from the environment, else through `gh` when it is logged
 * in, else without authentication. Actions and GitHub Enterprise set `GITHUB_API_URL`.
 */
export async function fetchFromGithub(path: string, world: GithubWorld): Promise<GithubAnswer> {
  const { env } = world
  const token = env['GITHUB_TOKEN'] ?? env['GH_TOKEN']
  const api = env['GITHUB_API_URL'] ?? 'https://api.github.com'
  if (!token && !env['GITHUB_API_URL']) {
    const viaGh = await askGh(path, world)
    if (viaGh) return viaGh
  }
  if (isLoopback(api) && !world.allowLoopback)
    return { kind: 'cannot-reach', reason: 'GITHUB_API_URL is this machine' }
  return askApi(`${api}${path}`, token, world)
}

async function askGh(path: string, { directory, signal }: GithubWorld): Promise<GithubAnswer | undefined> {
  const result = await runProgram('gh', ['api', path], { directory, signal, timeout: TIMEOUT_MS })
  const json = result.ok ? tryParseJson(result.output) : undefined
  if (json !== undefined) return { kind: 'ok', json }
  return /HTTP 404/.test(result.output) ? { kind: 'not-found' } : undefined
}

/**
 * When gh prints anything else, such as an update notice, the output does not parse; the request is then sent
 * without gh.
 */
function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function askApi(url: string, token: string | undefined, world: GithubWorld): Promise<GithubAnswer> {
  const headers = {
    accept: 'application/vnd.github+json',
    'user-agent': 'ai-eng-starter',
    ...(token && { authorization: `Bearer ${token}` }),
  }
  try {
    const signal = AbortSignal.any([world.signal, AbortSignal.timeout(TIMEOUT_MS)])
    // A token belongs to one host, so requests follow no redirect.
    const answer = await world.fetch(url, { headers, redirect: 'error', signal })
    if (answer.ok) return { kind: 'ok', json: await answer.json() }
    // Without a token, GitHub answers for a private repository as for one that does not exist.
    if (answer.status === 404) return { kind: token ? 'not-found' : 'not-allowed' }
    if ([401, 403, 429].includes(answer.status)) return { kind: 'not-allowed' }
    return { kind: 'cannot-reach', reason: `GitHub answered ${answer.status}` }
  } catch (error) {
    world.signal.throwIfAborted()
    return { kind: 'cannot-reach', reason: describeNetworkFailure(error, url) }
  }
}
