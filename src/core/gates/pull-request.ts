import * as z from 'zod/mini'
import { common, variable } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { type GithubAnswer, leaveUnread, parsePull } from './github.ts'
import { defineKind, makeLink } from './kind.ts'

export interface PullRequestFacts {
  /** The value of the gate's variable. */
  url: string | undefined
  /** Null without the address of a pull request. */
  answer: GithubAnswer | null
}

const codes = ['no-url', 'bad-url', 'own-repo', 'closed', 'not-found'] as const
const evidence = z.looseObject({
  url: z.url({ protocol: /^https?$/ }),
  title: z.string(),
  repository: z.string(),
  state: z.string(),
  author: z.optional(z.string()),
})

/** Open or merged, in a repository whose owner is not its author. */
export const pullRequest = defineKind({
  schema: z.strictObject({ ...common, kind: z.literal('pull-request'), variable }),
  codes,
  evidence,
  isScored: false,
  judge(gate, { url, answer }: PullRequestFacts): Finding<(typeof codes)[number], z.infer<typeof evidence>> {
    const wanted = "an open or merged pull request in another owner's repository"
    if (!url) return fail('no-url', { found: `${gate.variable} is not set`, wanted })
    if (!answer) return fail('bad-url', { found: url, wanted: 'https://github.com/OWNER/REPO/pull/NUMBER' })
    if (answer.kind === 'not-found') return fail('not-found', { found: `GitHub has no ${url}`, wanted })
    if (answer.kind !== 'ok') return leaveUnread(answer, url, wanted)
    const { title, state, merged, user, base } = parsePull(answer.json)
    const outcome = merged ? 'merged' : state
    const repository = base.repo.full_name
    if (user.login.toLowerCase() === base.repo.owner.login.toLowerCase())
      return fail('own-repo', {
        found: `${repository} belongs to ${user.login}, who opened it`,
        wanted,
        where: url,
      })
    if (outcome === 'closed') return fail('closed', { found: 'closed, not merged', wanted, where: url })
    const data = { url, title, state: outcome, repository, author: user.login }
    return pass(`${repository}#${readPullAddress(url)?.number}, ${outcome}`, data, url)
  },
  portfolio: {
    part: 'pullRequest',
    label: 'A pull request',
    describe: (_, { title, repository, state }) => ({
      label: title,
      text: `${state === 'merged' ? 'merged into' : 'open in'} ${repository}`,
    }),
    findLinks: (_, { url }) => [makeLink('pull', 'pull request', url)],
  },
})

/** Owner, name and number of a pull request on github.com. */
export function readPullAddress(url: string): { owner: string; name: string; number: string } | undefined {
  const [, owner, name, number] =
    /^https:\/\/github\.com\/([\w.-]+)\/([\w.-]+)\/pull\/(\d+)\/?$/.exec(url) ?? []
  return owner && name && number ? { owner, name, number } : undefined
}
