import { EXIT, UserError } from '../core/errors.ts'
import { failWith, type Outcome, succeed } from '../core/outcome.ts'
import {
  FILES,
  listsSkipped,
  type PlannedPortfolioFile,
  planFiles,
  readWords,
} from '../core/portfolio/files.ts'
import {
  composePortfolio,
  listLinks,
  type Portfolio,
  type ProjectFacts,
} from '../core/portfolio/portfolio.ts'
import { allowsLoopback } from '../io/gates/addresses.ts'
import { commitFirst, type GitOutcome } from '../io/git.ts'
import { readRemote } from '../io/git-state.ts'
import { digest, readPresent, writePortfolio } from '../io/portfolio/folder.ts'
import { type CheckedLink, checkLink } from '../io/portfolio/links.ts'
import { readPackageIdentity } from '../io/share/present.ts'
import type { Project, RoadmapFolder } from '../io/state/folder.ts'
import { measureShare } from './mine.ts'
import { readRoad } from './road.ts'
import type { World } from './world.ts'

export interface PortfolioRequest {
  /** Write nothing; fail when the portfolio is out of date. */
  check: boolean
  /** Check every link. */
  verify: boolean
  /** Also list gates that were skipped. */
  skipped: boolean
}

export interface PortfolioResult {
  /** The roadmap folder. Absolute. */
  directory: string
  /** The portfolio's folder in it. */
  folder: string
  files: { path: string; change: PlannedPortfolioFile['change'] }[]
  portfolio: Portfolio
  git: GitOutcome | null
  /** Only with `verify`. */
  links: CheckedLink[] | null
  warnings: string[]
}

/**
 * Generates the portfolio from evidence only. The outcome has a problem with exit code 1 when, with `check`,
 * the portfolio is out of date, or a link is broken; 3 when a link could not be checked. Throws a UserError
 * when there are no projects.
 */
export async function makePortfolio(
  request: PortfolioRequest,
  world: World,
): Promise<Outcome<PortfolioResult>> {
  const { folder, road } = readRoad(world)
  const { directory, name } = folder.portfolio
  const present = readPresent(directory)
  if (request.check && folder.projects.length === 0 && present[FILES.data] !== null)
    throw refuseEmptyFolder(name)
  const portfolio = composePortfolio(road, world.roadmap, {
    words: readWords(present),
    origins: await findOrigins(folder, world.signal),
    facts: new Map(folder.projects.map((project) => [project.name, findFacts(project, world)])),
    showSkipped: request.check ? listsSkipped(present) : request.skipped,
  })
  const files = planFiles(portfolio, present, digest)
  if (!request.check) await writePortfolio(directory, files)
  const result: PortfolioResult = {
    directory: folder.directory,
    folder: name,
    files: files.map(({ name: file, change }) => ({ path: `${name}/${file}`, change })),
    portfolio,
    git: request.check ? null : await commitPortfolio(directory, files, world.signal),
    links: request.verify ? await checkLinks(portfolio, directory, world) : null,
    warnings: folder.warnings,
  }
  const outdated = request.check ? findOutdated(result) : null
  return outdated ?? (result.links ? judgeLinks(result.links, result) : succeed(result))
}

/** What a project does, in the words of its package.json, else of its template, and what is its author's. */
function findFacts(project: Project, world: World): ProjectFacts {
  const { description } = readPackageIdentity(project.directory)
  const template = world.catalogue.templates.find(({ manifest }) => manifest.id === project.file.template)
  return { what: description ?? template?.manifest.summary ?? null, share: measureShare(project, world) }
}

/** `owner/name` of each project's remote on GitHub. */
async function findOrigins({ projects }: RoadmapFolder, signal: AbortSignal): Promise<Map<string, string>> {
  const origins = new Map<string, string>()
  for (const { name, directory } of projects) {
    const remote = await readRemote({ directory, signal })
    if (remote?.github) origins.set(name, remote.github)
  }
  return origins
}

/** Creates a repository that can be pushed. The learner commits files that are already in it. */
function commitPortfolio(
  directory: string,
  files: readonly PlannedPortfolioFile[],
  signal: AbortSignal,
): Promise<GitOutcome> {
  return commitFirst(
    { directory, signal },
    'Portfolio',
    files.map(({ name }) => name),
  )
}

async function checkLinks(portfolio: Portfolio, directory: string, world: World): Promise<CheckedLink[]> {
  const checked: CheckedLink[] = []
  for (const link of listLinks(portfolio)) {
    world.tell({ kind: 'link', url: link.url })
    const { env, signal, fetch } = world
    const allowLoopback = allowsLoopback(env)
    checked.push(await checkLink(link, { env, signal, fetch, directory, allowLoopback }))
  }
  return checked
}

function refuseEmptyFolder(name: string): UserError {
  return new UserError(
    `No project is next to ${name}/, so nothing can be compared`,
    'Run it in the roadmap folder, which contains your projects',
    { exitCode: EXIT.unmet },
  )
}

function findOutdated(result: PortfolioResult): Outcome<PortfolioResult> | null {
  const old = result.files.filter(({ change }) => change === 'new' || change === 'written')
  if (old.length === 0) return null
  const paths = old.map(({ path }) => path).join(', ')
  return failWith(result, `Out of date: ${paths}`, 'Update it: ai-eng-starter portfolio')
}

function judgeLinks(links: readonly CheckedLink[], done: PortfolioResult): Outcome<PortfolioResult> {
  const broken = links.filter(({ result }) => result === 'broken')
  if (broken[0])
    return failWith(
      done,
      `${broken.length} of ${links.length} links are broken: ${broken[0].url}: ${broken[0].found}`,
      'Fix what the link points to, then check its gate again: only check renews evidence',
    )
  const unseen = links.filter(({ result }) => result === 'unknown')
  if (unseen[0])
    return failWith(
      done,
      `${unseen.length} of ${links.length} links could not be checked: ${unseen[0].url}: ${unseen[0].found}`,
      'Try again online; for GitHub, run gh auth login or set GITHUB_TOKEN',
      EXIT.unmet,
    )
  return succeed(done)
}
