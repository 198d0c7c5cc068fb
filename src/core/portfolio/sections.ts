import type { Change } from '../gates/change.ts'
import type { Link } from '../gates/kind.ts'
import { KINDS } from '../gates/kinds.ts'
import type { Claim, ClaimStatus } from './claims.ts'
import type { Portfolio, ShownEvals, ShownProject } from './portfolio.ts'

/** The content of both the page and PORTFOLIO.md. */
export interface Section {
  id: string
  heading: string
  groups: Group[]
}

export interface Group {
  /** Null in a section with only one group. */
  heading: string | null
  /** A line below the heading. */
  summary: string
  links: Link[]
  items: Item[]
}

export interface Item {
  lead: string
  text: string
  standing: ClaimStatus
  /** Day of its record, such as `2026-11-28`. */
  day: string | null
  change: Change | null
  links: Link[]
  file: string | null
}

export function composeSections(portfolio: Portfolio): Section[] {
  const { shipped, post, evals, pullRequest, projects } = portfolio
  return [
    { id: 'shipped', heading: 'Shipped', groups: [makeOnlyGroup(shipped.map(toItem))] },
    { id: 'evals', heading: 'Measured', groups: composeMeasured(evals) },
    { id: 'post', heading: 'Written', groups: [makeOnlyGroup(post.map(toItem))] },
    { id: 'open-source', heading: 'Open source', groups: [makeOnlyGroup(pullRequest.map(toItem))] },
    { id: 'projects', heading: 'Projects', groups: projects.map(composeProject) },
  ].filter(({ groups }) => groups.some(({ items, heading }) => items.length > 0 || heading !== null))
}

/** What there is to show; when there is nothing, the first thing to do. */
function composeMeasured(evals: readonly ShownEvals[]): Group[] {
  const groups = evals.map(composeEvals).filter(({ items }) => items.length > 0)
  if (groups.length > 0) return groups
  const first = evals.flatMap(({ claims }) => claims)[0]
  return [makeOnlyGroup([first ? toItem(first) : NO_EVALS])]
}

const NO_EVALS: Item = {
  lead: KINDS.eval.portfolio.label,
  text: 'ai-eng-starter next',
  standing: 'not-yet',
  day: null,
  change: null,
  links: [],
  file: null,
}

function makeOnlyGroup(items: Item[]): Group {
  return { heading: null, summary: '', links: [], items }
}

function composeEvals({ title, claims, ciRun }: ShownEvals): Group {
  const links = ciRun ? [ciRun] : []
  return { heading: title, summary: '', links, items: claims.filter(isThere).map(toItem) }
}

function composeProject({
  title,
  milestone,
  met,
  required,
  waived,
  repository,
  claims,
}: ShownProject): Group {
  const skipped = waived > 0 ? `, ${waived} skipped` : ''
  return {
    heading: title,
    summary: `${milestone}: ${met} of ${required} required gates passed${skipped}.`,
    links: repository ? [repository] : [],
    // The count covers open gates; four lines about them would bury the proven ones.
    items: claims.filter(isThere).map(toItem),
  }
}

function isThere({ standing }: Claim): boolean {
  return standing !== 'not-yet'
}

function toItem({ label, says, standing, at, change, links, file, optional }: Claim): Item {
  const isMissing = standing === 'not-yet'
  return {
    lead: label,
    text: isMissing && optional ? `${says} (optional)` : says,
    standing,
    day: at?.slice(0, 10) ?? null,
    change: isMissing ? null : change,
    links,
    file,
  }
}

/** The label of each standing; empty for `proven`. */
export const LABELS: Record<ClaimStatus, string> = {
  proven: '',
  'stand-in': 'against a stand-in',
  stale: 'of earlier files',
  'self-reported': 'self-reported',
  elsewhere: 'from another repository',
  waived: 'skipped',
  'not-yet': 'not yet',
}
