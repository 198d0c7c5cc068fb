import * as z from 'zod/mini'
import type { Gate } from '../roadmap/schema.ts'
import { type Evidence, PORTFOLIO_FOLDER } from '../state/files.ts'
import { type GateState, isByStandIn } from '../state/progress.ts'
import type { StepState } from '../state/road.ts'
import { type Change, changeOf } from './change.ts'
import { KIND_LABELS, wordingOf } from './wording.ts'

/** How much stands behind a claim: `proven` by evidence that still holds, `stand-in` when a server on the learner's own machine may have answered, `stale` by evidence of earlier files, `self-reported` in the learner's words, `elsewhere` by a record of another repository than the project's, or nothing. */
export type Standing = 'proven' | 'stand-in' | 'stale' | 'self-reported' | 'elsewhere' | 'waived' | 'not-yet'

/** What `portfolio --verify` looks up behind a link. */
type LinkKind = 'repository' | 'commit' | 'run' | 'pull' | 'deploy' | 'page'

export interface Link {
  kind: LinkKind
  label: string
  url: string
  /** Of a deployed project: where it answers, and with which commit. */
  health: { url: string; field: string; commit: string } | null
}

/** A step with the repository of its project: `owner/name` of its remote on GitHub, null where there is none. */
export interface PlacedStep extends StepState {
  origin: string | null
}

/** One gate, as somebody who reads the portfolio sees it. */
export interface Claim {
  step: string
  gate: string
  kind: Gate['kind']
  /** What it is, in a few words: the title of a post, the name of a suite; of what is not there yet, what the gate wants. */
  label: string
  /** The post, when it is a file of the portfolio. */
  file: string | null
  optional: boolean
  standing: Standing
  /** What the evidence says, the learner's answer, the reason of a waiver, or what to do. */
  says: string
  at: string | null
  /** What was measured before and after one change. */
  change: Change | null
  links: Link[]
}

const urlData = z.looseObject({ url: z.url({ protocol: /^https?$/ }), commit: z.optional(z.string()) })
const ciData = z.looseObject({ repository: z.string(), url: z.url(), commit: z.string() })
const proseData = z.looseObject({ path: z.string(), links: z.array(z.string()) })

/** Everything that a step's gates let somebody say. */
export function claimsOf(at: PlacedStep): Claim[] {
  const repository = repositoryOf(at)
  return at.gates.map((state) => claimOf(state, at, repository))
}

function claimOf(state: GateState, at: PlacedStep, repository: string | null): Claim {
  const { gate, evidence } = state
  const standing = standingOf(state, at)
  return {
    step: at.step.id,
    gate: gate.id,
    kind: gate.kind,
    ...told(state, at, standing),
    file: evidence && gate.kind === 'prose' ? fileOf(evidence.data) : null,
    optional: at.step.optional || !gate.required,
    standing,
    at: standing === 'not-yet' ? null : state.at,
    change: evidence && gate.kind === 'eval-delta' ? changeOf(evidence.data) : null,
    links: evidence && standing !== 'elsewhere' ? linksOf(gate, evidence, repository) : [],
  }
}

function told(
  { gate, evidence, reason, found }: GateState,
  { step, project, origin }: PlacedStep,
  standing: Standing,
): Pick<Claim, 'label' | 'says'> {
  const label = KIND_LABELS[gate.kind]
  if (standing === 'waived') return { label, says: `${gate.title}: ${reason}` }
  if (standing === 'not-yet') {
    const isMissing = project === null && step.template !== undefined
    return { label, says: isMissing ? `ai-eng-starter new ${step.template}` : gate.do }
  }
  if (standing === 'elsewhere') {
    const { data: run } = ciData.safeParse(evidence?.data)
    return {
      label,
      says: `the record is of ${run?.url ?? 'no run'}, the project's origin ${origin ?? 'is not on GitHub'}`,
    }
  }
  const wording = wordingOf(gate, evidence?.data ?? {}) ?? { label, text: found }
  // What is deployed is named by its folder: the address may change.
  return { label: gate.kind === 'http' ? (project ?? label) : wording.label, says: wording.text }
}

function standingOf(state: GateState, { origin }: PlacedStep): Standing {
  const { status, gate, evidence } = state
  if (gate.kind === 'ci' && evidence && !isRunOf(origin, evidence)) return 'elsewhere'
  switch (status) {
    case 'passed':
      return isByStandIn(state) ? 'stand-in' : 'proven'
    case 'stale':
      return 'stale'
    case 'attested':
      return 'self-reported'
    case 'waived':
      return 'waived'
    case 'failing':
    case 'unknown':
    case 'blocked':
      return 'not-yet'
    default:
      return status satisfies never
  }
}

/** `owner/name` on GitHub, as far as a CI run of the project's own has shown it. */
function repositoryOf({ gates, origin }: PlacedStep): string | null {
  const shown = gates.some(
    ({ gate, evidence }) => gate.kind === 'ci' && evidence && isRunOf(origin, evidence),
  )
  return shown ? origin : null
}

/** Evidence is a file that anybody can copy or write: where its run was must be where the project is. */
function isRunOf(origin: string | null, { data }: Evidence): boolean {
  const { data: run } = ciData.safeParse(data)
  if (!run || origin === null) return false
  const home = `https://github.com/${origin}/`.toLowerCase()
  return (
    `https://github.com/${run.repository}/`.toLowerCase() === home && run.url.toLowerCase().startsWith(home)
  )
}

function linksOf(gate: Gate, { data, commit, dirty }: Evidence, repository: string | null): Link[] {
  switch (gate.kind) {
    case 'ci': {
      const { data: run } = ciData.safeParse(data)
      return run ? [link('run', 'CI run', run.url)] : []
    }
    case 'http': {
      const { data: live } = urlData.safeParse(data)
      if (!live) return []
      const health = {
        url: new URL(gate.path, live.url).href,
        field: gate.commitField,
        commit: live.commit ?? '',
      }
      return [{ ...link('deploy', new URL(live.url).host, live.url), health }]
    }
    case 'pull-request': {
      const { data: pull } = urlData.safeParse(data)
      return pull ? [link('pull', 'pull request', pull.url)] : []
    }
    case 'prose': {
      const { data: post } = proseData.safeParse(data)
      return (post?.links ?? []).filter((url) => URL.canParse(url)).map((url) => link('page', url, url))
    }
    case 'eval':
    case 'eval-delta':
    case 'command':
    case 'files':
      return repository !== null && commit !== null && dirty === false
        ? [
            link(
              'commit',
              `commit ${commit.slice(0, 7)}`,
              `https://github.com/${repository}/commit/${commit}`,
            ),
          ]
        : []
    case 'mcp':
    case 'attest':
      return []
    default:
      return gate satisfies never
  }
}

/** Path in the portfolio's folder, which is a repository of its own; what lies elsewhere cannot be linked to. */
function fileOf(data: unknown): string | null {
  const path = proseData.safeParse(data).data?.path
  return path?.startsWith(`${PORTFOLIO_FOLDER}/`) ? path.slice(PORTFOLIO_FOLDER.length + 1) : null
}

function link(kind: LinkKind, label: string, url: string): Link {
  return { kind, label, url, health: null }
}

export function repositoryLink(at: PlacedStep): Link | null {
  const repository = repositoryOf(at)
  return repository === null ? null : link('repository', repository, `https://github.com/${repository}`)
}
