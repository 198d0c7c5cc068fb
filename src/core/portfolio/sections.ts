import { type Change, chanceText, changeText } from './change.ts'
import type { Claim, Link, Standing } from './claims.ts'
import type { Portfolio, ShownEvals, ShownProject } from './portfolio.ts'

/** What the page and PORTFOLIO.md both say, each in its own form. */
export interface Section {
  id: string
  heading: string
  groups: Group[]
}

export interface Group {
  /** Null in a section that has one group alone. */
  heading: string | null
  /** A line below the heading. */
  summary: string
  links: Link[]
  items: Item[]
}

export interface Item {
  lead: string
  text: string
  standing: Standing
  /** `2026-11-28`, of the record that it rests on. */
  day: string | null
  change: Change | null
  links: Link[]
  file: string | null
}

export function sectionsOf(portfolio: Portfolio): Section[] {
  const { shipped, post, evals, pullRequest, projects } = portfolio
  return [
    { id: 'shipped', heading: 'Shipped', groups: [alone(shipped.map(itemOf))] },
    {
      id: 'evals',
      heading: 'Measured',
      groups: evals.length > 0 ? evals.map(evalsGroup) : [alone([NO_EVALS])],
    },
    { id: 'post', heading: 'Written', groups: [alone(post.map(itemOf))] },
    { id: 'open-source', heading: 'Open source', groups: [alone(pullRequest.map(itemOf))] },
    { id: 'projects', heading: 'Projects', groups: projects.map(projectGroup) },
  ].filter(({ groups }) => groups.some(({ items, heading }) => items.length > 0 || heading !== null))
}

const NO_EVALS: Item = {
  lead: 'No eval yet',
  text: 'ai-eng-starter new',
  standing: 'not-yet',
  day: null,
  change: null,
  links: [],
  file: null,
}

function alone(items: Item[]): Group {
  return { heading: null, summary: '', links: [], items }
}

function evalsGroup({ title, claims, ciRun }: ShownEvals): Group {
  const links = ciRun ? [ciRun] : []
  return { heading: title, summary: '', links, items: claims.map(itemOf) }
}

function projectGroup({ title, summary, met, required, waived, repository, claims }: ShownProject): Group {
  const skipped = waived > 0 ? `, ${waived} skipped` : ''
  return {
    heading: title,
    summary: `${summary}. ${met} of ${required} required gates met${skipped}.`,
    links: repository ? [repository] : [],
    // What is open is the count's to say; four lines of it would bury what is there.
    items: claims.filter(({ standing }) => standing !== 'not-yet').map(itemOf),
  }
}

function itemOf({ title, name, says, standing, at, change, links, file, optional }: Claim): Item {
  return {
    lead: name ?? (change && standing !== 'not-yet' ? change.name : title),
    text: textOf(says, standing, change, optional),
    standing,
    day: at?.slice(0, 10) ?? null,
    change: standing === 'not-yet' ? null : change,
    links,
    file,
  }
}

function textOf(says: string, standing: Standing, change: Change | null, optional: boolean): string {
  if (standing === 'not-yet') return optional ? `${says} (optional)` : says
  if (!change) return says
  const { before, after } = change.models
  const who = before === after ? after : `${before} -> ${after}`
  return `${changeText(change)}. ${who}. ${chanceText(change)}`
}

/** How a standing is labelled for a reader; empty for what is proven. */
export const LABELS: Record<Standing, string> = {
  proven: '',
  stale: 'of earlier files',
  'self-reported': 'self-reported',
  waived: 'skipped',
  'not-yet': 'not yet',
}
