import type { Link } from '../gates/kind.ts'
import { type Gate, KINDS } from '../gates/kinds.ts'
import type { Roadmap } from '../roadmap/schema.ts'
import type { Share } from '../share/share.ts'
import { countGates, isMet } from '../state/progress.ts'
import type { Road } from '../state/road.ts'
import { type Claim, collectClaims, makeRepositoryLink, type PlacedStep } from './claims.ts'

/** What is known about a project besides its gates. */
export interface ProjectFacts {
  /** What it does, in a sentence; null when its package.json does not say. */
  what: string | null
  share: Share
}

/** A project, with what its gates prove, except evals, which have their own section. */
export interface ShownProject {
  step: string
  title: string
  /** Absent in documents of earlier versions, like `runsAt` and `mine`. */
  what?: string | null
  /** Where it answers, if that is proven. */
  runsAt?: Link | null
  /** What its author added to the template. */
  mine?: MyShare
  milestone: string
  /** Counts of required gates; waived ones are in neither `met` nor `required`. */
  met: number
  required: number
  waived: number
  repository: Link | null
  claims: Claim[]
}

/**
 * `portfolio.json`: what the learner can show, from evidence only. The same evidence gives the same document,
 * byte for byte.
 */
export interface Portfolio {
  schema: 'portfolio.v1'
  /** Day of the newest record in it; null when there is none. */
  asOf: string | null
  title: string
  intro: string
  shipped: Claim[]
  post: Claim[]
  evals: ShownEvals[]
  pullRequest: Claim[]
  projects: ShownProject[]
  /** Gates that were skipped; the page and the text list them only on request. Absent in earlier documents. */
  skipped?: { count: number; shown: boolean }
}

/** Counts of files and lines that differ from the template. */
interface MyShare {
  adopted: boolean
  files: number
  added: number
  removed: number
  /** Files whose lines could not be counted. */
  uncounted: number
  kitFiles: number
  templateFiles: number
}

export interface ShownEvals {
  step: string
  title: string
  claims: Claim[]
  /** The run that proves that the evals of this code pass on a machine other than the learner's. */
  ciRun: Link | null
}

export interface Words {
  title: string
  /** Paragraphs, as the learner wrote them above the generated part. */
  intro: string
}

interface Around {
  words: Words
  /** Each project's repository on GitHub. */
  origins: ReadonlyMap<string, string>
  facts: ReadonlyMap<string, ProjectFacts>
  showSkipped: boolean
}

/**
 * Collects what the learner shipped, wrote, measured and contributed, and the projects behind it.
 */
export function composePortfolio(
  { steps }: Road,
  roadmap: Roadmap,
  { words, origins, facts, showSkipped }: Around,
): Portfolio {
  const all = steps
    .filter(({ status, project }) => status !== 'planned' || project !== null)
    .map((at) => ({ ...at, origin: origins.get(at.project ?? '') ?? null }))
  const claims = all.flatMap(collectClaims)
  const projects = all.filter(({ step, project }) => step.template !== undefined && project !== null)
  const days = claims.flatMap(({ at, standing }) => (at && standing !== 'waived' ? [at.slice(0, 10)] : []))
  return {
    schema: 'portfolio.v1',
    asOf: days.sort().at(-1) ?? null,
    ...words,
    shipped: selectPart(claims, 'shipped'),
    post: selectPart(claims, 'post'),
    evals: projects.map(collectEvals).filter(({ claims: own }) => own.length > 0),
    pullRequest: selectPart(claims, 'pullRequest'),
    projects: projects.map((at) => ({ ...showProject(at, roadmap), ...describeProject(at, all, facts) })),
    skipped: { count: claims.filter(({ standing }) => standing === 'waived').length, shown: showSkipped },
  }
}

/** What it does, where it runs, and how much of it is its author's. */
function describeProject(
  { project }: PlacedStep,
  steps: readonly PlacedStep[],
  facts: ReadonlyMap<string, ProjectFacts>,
): Pick<ShownProject, 'what' | 'runsAt' | 'mine'> {
  const known = facts.get(project ?? '')
  const claims = steps.filter((at) => at.project === project).flatMap(collectClaims)
  const live = claims.find(({ kind, standing }) => kind === 'http' && standing === 'proven')
  return {
    what: known?.what ?? null,
    runsAt: live?.links[0] ?? null,
    ...(known && { mine: summariseShare(known.share) }),
  }
}

function summariseShare({ adopted, totals: { own, kit }, unchanged }: Share): MyShare {
  const { files, added, removed, uncounted } = own
  return { adopted, files, added, removed, uncounted, kitFiles: kit.files, templateFiles: unchanged }
}

type Part = (typeof KINDS)[Gate['kind']]['portfolio']['part']

function selectPart(claims: readonly Claim[], part: Part): Claim[] {
  return claims.filter(({ kind }) => KINDS[kind].portfolio.part === part)
}

function collectEvals(at: PlacedStep): ShownEvals {
  const claims = collectClaims(at)
  const ci = claims.find(
    ({ kind, standing }) => kind === 'ci' && (standing === 'proven' || standing === 'stand-in'),
  )
  return {
    step: at.step.id,
    title: at.step.title,
    claims: selectPart(claims, 'evals'),
    ciRun: ci?.links[0] ?? null,
  }
}

function showProject(at: PlacedStep, { milestones }: Roadmap): ShownProject {
  const { step, gates, milestone } = at
  const claims = collectClaims(at)
  const elsewhere = claims.filter(({ standing }) => standing === 'elsewhere').map(({ gate }) => gate)
  const counts = countGates(gates)
  const disproved = gates.filter(
    (state) => state.gate.required && isMet(state) && elsewhere.includes(state.gate.id),
  )
  return {
    step: step.id,
    title: step.title,
    milestone: milestones.find(({ id }) => id === milestone)?.title ?? milestone,
    ...counts,
    met: counts.met - disproved.length,
    repository: makeRepositoryLink(at),
    claims: selectPart(claims, 'projects'),
  }
}

/** Every claim of a portfolio, once each. */
export function listClaims({ shipped, post, evals, pullRequest, projects }: Portfolio): Claim[] {
  const own = [...evals, ...projects].flatMap(({ claims }) => claims)
  return [...shipped, ...post, ...pullRequest, ...own]
}

/** Every link that claims from evidence contain, once each. */
export function listLinks(portfolio: Portfolio): Link[] {
  const repositories = portfolio.projects.flatMap(({ repository }) => (repository ? [repository] : []))
  const links = [...repositories, ...listClaims(portfolio).flatMap(({ links: own }) => own)]
  return links.filter((one, index) => links.findIndex(({ url }) => url === one.url) === index)
}
