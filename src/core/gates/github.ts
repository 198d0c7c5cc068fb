import * as z from 'zod/mini'
import { leaveUnknown, type Miss } from './finding.ts'

const run = z.looseObject({
  id: z.number(),
  path: z.string(),
  head_sha: z.string(),
  status: z.nullable(z.string()),
  conclusion: z.nullable(z.string()),
  html_url: z.string(),
  run_number: z.number(),
})
const runs = z.looseObject({ workflow_runs: z.array(run) })
const jobs = z.looseObject({
  jobs: z.array(z.looseObject({ name: z.string(), conclusion: z.nullable(z.string()) })),
})
const pull = z.looseObject({
  html_url: z.string(),
  title: z.string(),
  state: z.string(),
  merged: z.boolean(),
  user: z.looseObject({ login: z.string() }),
  base: z.looseObject({
    repo: z.looseObject({ full_name: z.string(), owner: z.looseObject({ login: z.string() }) }),
  }),
})

export type WorkflowRun = z.infer<typeof run>

/** Runs of one workflow file, newest first, as GitHub lists them. */
export function readRuns(json: unknown, workflow: string): WorkflowRun[] {
  const isIts = ({ path }: WorkflowRun) => path.split('@')[0]?.endsWith(`/${workflow}`)
  return z.parse(runs, json).workflow_runs.filter(isIts)
}

/** The conclusion of a job across its matrix: `success` only when every one succeeded. */
export function readJobConclusion(json: unknown, job: string): string {
  const own = z.parse(jobs, json).jobs.filter(({ name }) => name === job || name.startsWith(`${job} (`))
  if (own.length === 0) return 'missing'
  return own.find(({ conclusion }) => conclusion !== 'success')?.conclusion ?? 'success'
}

/** The conclusion of a workflow run; its status until it completes. */
export function readConclusion(json: unknown): string {
  const { conclusion, status } = z.parse(z.pick(run, { conclusion: true, status: true }), json)
  return conclusion ?? status ?? 'unknown'
}

export function isOpenOrMerged(json: unknown): boolean {
  const { state, merged } = parsePull(json)
  return state === 'open' || merged
}

export function parsePull(json: unknown) {
  return z.parse(pull, json)
}

/**
 * An answer of GitHub's REST API. `not-allowed`: it requires authentication, or the rate limit is used up.
 */
export type GithubAnswer =
  | { kind: 'ok'; json: unknown }
  | { kind: 'not-found' }
  | { kind: 'not-allowed' }
  | { kind: 'cannot-reach'; reason: string }

type Unread = Extract<GithubAnswer, { kind: 'not-allowed' | 'cannot-reach' }>

/** `what`: what GitHub was asked for. */
export function leaveUnread(answer: Unread, what: string, wanted: string): Miss<never> {
  if (answer.kind === 'cannot-reach') return leaveUnknown('cannot-reach', { found: answer.reason, wanted })
  return leaveUnknown('not-allowed', { found: `GitHub requires authentication to read ${what}`, wanted })
}
