import { type Change, toChange } from '../gates/change.ts'
import { type Link, makeLink } from '../gates/kind.ts'
import { describeEvidence, findEvidenceLinks, type Gate, KINDS } from '../gates/kinds.ts'
import { findPostInPortfolio } from '../gates/prose.ts'
import type { Evidence } from '../state/files.ts'
import { type GateState, isByStandIn } from '../state/progress.ts'
import type { StepState } from '../state/road.ts'

/**
 * What supports a claim. `proven`: evidence that still holds. `stand-in`: evidence for which a server on the
 * learner's own machine may have answered. `stale`: evidence of earlier files. `self-reported`: the learner's
 * statement, or a score of a program that answered as the model. `elsewhere`: a record of a repository other than the project's.
 */
export type ClaimStatus =
  | 'proven'
  | 'stand-in'
  | 'stale'
  | 'self-reported'
  | 'elsewhere'
  | 'waived'
  | 'not-yet'

/** A step, and `owner/name` of its project's remote on GitHub; null without one. */
export interface PlacedStep extends StepState {
  origin: string | null
}

/** One gate, as a reader of the portfolio sees it. */
export interface Claim {
  step: string
  gate: string
  kind: Gate['kind']
  /**
   * Its subject in a few words: the title of a post, the name of a suite; without evidence, what the gate
   * requires.
   */
  label: string
  /** The post, when it is a file of the portfolio. */
  file: string | null
  optional: boolean
  standing: ClaimStatus
  /** What the evidence says, the learner's answer, the reason of a waiver, or what to do. */
  says: string
  at: string | null
  /** What was measured before and after one change. */
  change: Change | null
  links: Link[]
}

/** Every claim that a step's gates support. */
export function collectClaims(at: PlacedStep): Claim[] {
  const repository = findRepository(at)
  return at.gates.map((state) => toClaim(state, at, repository))
}

function toClaim(state: GateState, at: PlacedStep, repository: string | null): Claim {
  const { gate, evidence } = state
  const standing = judgeStanding(state, at)
  return {
    step: at.step.id,
    gate: gate.id,
    kind: gate.kind,
    ...describeState(state, at, standing),
    file: readEvidence(KINDS.prose, 'prose', state, findPostInPortfolio),
    optional: at.step.optional || !gate.required,
    standing,
    at: standing === 'not-yet' ? null : state.at,
    change: readEvidence(KINDS['eval-delta'], 'eval-delta', state, toChange),
    links: evidence && standing !== 'elsewhere' ? findLinks(gate, evidence, repository) : [],
  }
}

function describeState(
  { gate, evidence, reason, found }: GateState,
  { step, project, origin }: PlacedStep,
  standing: ClaimStatus,
): Pick<Claim, 'label' | 'says'> {
  const { label } = KINDS[gate.kind].portfolio
  if (standing === 'waived') return { label, says: `${gate.title}: ${reason}` }
  if (standing === 'not-yet') {
    const isMissing = project === null && step.template !== undefined
    return { label, says: isMissing ? `ai-eng-starter new ${step.template}` : gate.do }
  }
  if (standing === 'elsewhere') {
    const { data: run } = KINDS.ci.evidence.safeParse(evidence?.data)
    return {
      label,
      says: `the record is of ${run?.url ?? 'no run'}, but the project's origin ${origin ?? 'is not on GitHub'}`,
    }
  }
  const wording = describeEvidence(gate, evidence?.data ?? {}) ?? { label, text: found }
  // Deployed projects are named by folder: the address may change.
  return { label: gate.kind === 'http' ? (project ?? label) : wording.label, says: wording.text }
}

function judgeStanding(state: GateState, { origin }: PlacedStep): ClaimStatus {
  const { status, gate, evidence } = state
  if (gate.kind === 'ci' && evidence && !isRunOf(origin, evidence)) return 'elsewhere'
  switch (status) {
    case 'passed':
      if (isByStandIn(state)) return 'stand-in'
      return evidence?.data['selfReported'] === true ? 'self-reported' : 'proven'
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

/** `owner/name` on GitHub, as far as a CI run of the project has proven it. */
function findRepository({ gates, origin }: PlacedStep): string | null {
  const shown = gates.some(
    ({ gate, evidence }) => gate.kind === 'ci' && evidence && isRunOf(origin, evidence),
  )
  return shown ? origin : null
}

/** Evidence is a file that can be copied or forged: the run must belong to the project's own repository. */
function isRunOf(origin: string | null, { data }: Evidence): boolean {
  const { data: run } = KINDS.ci.evidence.safeParse(data)
  if (!run || origin === null) return false
  const home = `https://github.com/${origin}/`.toLowerCase()
  return (
    `https://github.com/${run.repository}/`.toLowerCase() === home && run.url.toLowerCase().startsWith(home)
  )
}

/** The addresses that prove it, else the commit of the record, if it was of committed files. */
function findLinks(gate: Gate, { data, commit, dirty }: Evidence, repository: string | null): Link[] {
  const links = findEvidenceLinks(gate, data)
  if (links) return links
  if (repository === null || commit === null || dirty !== false) return []
  const url = `https://github.com/${repository}/commit/${commit}`
  return [makeLink('commit', `commit ${commit.slice(0, 7)}`, url)]
}

/** Reads evidence of one kind; null for other kinds, and for a form that this version does not know. */
function readEvidence<Data, T>(
  { evidence: schema }: { evidence: { safeParse(data: unknown): { data?: Data | undefined } } },
  kind: Gate['kind'],
  { gate, evidence }: GateState,
  read: (data: Data) => T,
): T | null {
  const data = gate.kind === kind && evidence ? schema.safeParse(evidence.data).data : undefined
  return data === undefined ? null : read(data)
}

export function makeRepositoryLink(at: PlacedStep): Link | null {
  const repository = findRepository(at)
  return repository === null ? null : makeLink('repository', repository, `https://github.com/${repository}`)
}
