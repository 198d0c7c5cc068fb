import type { Change } from '../gates/change.ts'
import type { Link } from '../gates/kind.ts'
import { countNoun } from '../words.ts'
import type { Claim, ClaimStatus } from './claims.ts'
import type { Portfolio, ShownEvals, ShownProject } from './portfolio.ts'

/** The content of both the page and PORTFOLIO.md. */
export interface Section {
  id: string
  heading: string
  /** A line for a reader who does not know the roadmap; empty where none is needed. */
  note: string
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

/**
 * The parts that have something to show, for a reader who knows neither the author nor the roadmap: what each
 * project does and where it runs, then the scores, then the records behind both.
 */
export function composeSections(portfolio: Portfolio): Section[] {
  const { shipped, post, evals, pullRequest, projects, skipped } = portfolio
  const select = (claims: readonly Claim[]) =>
    claims.filter((claim) => isShown(claim, skipped?.shown === true))
  const only = (claims: readonly Claim[]) => [makeOnlyGroup(select(claims).map(toItem))]
  const sections: Section[] = [
    { id: 'work', heading: 'Work', note: '', groups: composeWork(projects, evals) },
    {
      id: 'evals',
      heading: 'Measured',
      note: 'Each project has a fixed set of test questions. A score says how many the program answers right.',
      groups: evals.map((own) => composeEvals({ ...own, claims: select(own.claims) })),
    },
    { id: 'post', heading: 'Written', note: '', groups: only(post) },
    { id: 'open-source', heading: 'Open source', note: '', groups: only(pullRequest) },
    {
      id: 'checks',
      heading: 'Checks',
      note: describeSkipped(portfolio),
      groups: [
        ...only(shipped),
        ...projects.map((own) => composeChecks({ ...own, claims: select(own.claims) })),
      ],
    },
  ]
  return sections
    .map((section) => ({ ...section, groups: section.groups.filter(hasContent) }))
    .filter(({ groups }) => groups.length > 0)
}

/** What is missing is for its author, on the terminal; what was skipped is shown only on request. */
function isShown({ standing }: Claim, showSkipped: boolean): boolean {
  return standing !== 'not-yet' && (standing !== 'waived' || showSkipped)
}

function hasContent({ items, heading, summary }: Group): boolean {
  return items.length > 0 || (heading !== null && summary !== '')
}

function describeSkipped({ skipped }: Portfolio): string {
  const count = skipped?.count ?? 0
  if (count === 0 || skipped?.shown) return ''
  return `${countNoun(count, 'check')} of the roadmap ${count === 1 ? 'was' : 'were'} skipped and ${count === 1 ? 'is' : 'are'} not listed.`
}

function makeOnlyGroup(items: Item[]): Group {
  return { heading: null, summary: '', links: [], items }
}

/** Projects that run in public come first; the others keep the order of the roadmap. */
function composeWork(projects: readonly ShownProject[], evals: readonly ShownEvals[]): Group[] {
  const live = projects.filter(({ runsAt }) => runsAt)
  const ordered = [...live, ...projects.filter((project) => !live.includes(project))]
  return ordered.map((project) => {
    const scores = evals.find(({ step }) => step === project.step)?.claims ?? []
    const best = findHeadline(scores)
    return {
      heading: project.title,
      summary: [endSentence(project.what ?? ''), describePlace(project)].filter(Boolean).join(' '),
      links: [project.runsAt, project.repository].flatMap((link) => link ?? []),
      items: [...(best ? [toItem(best)] : []), ...describeShare(project)],
    }
  })
}

/** The most telling score of a project: a measured change if there is one, else the first that holds. */
export function findHeadline(claims: readonly Claim[]): Claim | undefined {
  const there = claims.filter((claim) => isShown(claim, false))
  return there.find(({ change }) => change !== null) ?? there[0]
}

function endSentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}

function describePlace({ runsAt, repository }: ShownProject): string {
  if (runsAt) return `It runs at ${runsAt.label}.`
  if (repository) return 'It runs on your machine: the README of its repository has the commands.'
  return "It runs on its author's machine, and is not public yet."
}

function describeShare({ mine }: ShownProject): Item[] {
  if (!mine || mine.adopted || mine.files === 0) return []
  const lines = mine.uncounted === mine.files ? '' : ` with ${mine.added} new lines`
  const kit = mine.kitFiles > 0 ? `, and ${countNoun(mine.kitFiles, 'file')} of its library edited` : ''
  const text = `${countNoun(mine.files, 'file')}${lines}${kit}; ${countNoun(mine.templateFiles, 'other file')} as the starter template has them`
  const none = { day: null, change: null, links: [], file: null }
  return [{ lead: 'Written by the author', text, standing: 'proven', ...none }]
}

function composeEvals({ title, claims, ciRun }: ShownEvals): Group {
  const links = ciRun ? [ciRun] : []
  return { heading: claims.length > 0 ? title : null, summary: '', links, items: claims.map(toItem) }
}

function composeChecks({ title, milestone, met, required, repository, claims }: ShownProject): Group {
  return {
    heading: title,
    summary: `${milestone}: ${met} of ${required} required checks passed.`,
    links: repository ? [repository] : [],
    items: claims.map(toItem),
  }
}

function toItem({ label, says, standing, at, change, links, file }: Claim): Item {
  return { lead: label, text: says, standing, day: at?.slice(0, 10) ?? null, change, links, file }
}

/** The label of each standing; empty for `proven`. */
export const LABELS: Record<ClaimStatus, string> = {
  proven: '',
  'stand-in': "against a server on the author's machine",
  stale: 'of an earlier version',
  'self-reported': 'self-reported',
  elsewhere: 'from another repository',
  waived: 'skipped',
  'not-yet': 'not yet',
}

/** The whole text of a portfolio without projects. */
export const NOTHING_YET = 'Nothing to show yet: projects and their scores appear here once they exist.'
