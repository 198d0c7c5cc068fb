import { EXIT, UserError } from '../core/errors.ts'
import { FILES, type PlannedPortfolioFile, planFiles, wordsIn } from '../core/portfolio/files.ts'
import { allLinks, type Portfolio, portfolioOf } from '../core/portfolio/portfolio.ts'
import { allowsLoopback } from '../io/gates/addresses.ts'
import { commitFirst, type GitOutcome } from '../io/git.ts'
import { remoteOf } from '../io/git-state.ts'
import { digest, readPresent, writePortfolio } from '../io/portfolio/folder.ts'
import { type CheckedLink, checkLink } from '../io/portfolio/links.ts'
import type { RoadmapFolder } from '../io/state/folder.ts'
import { type RoadWorld, readRoad } from './road.ts'

export interface PortfolioRequest {
  /** Write nothing; fail when what is there is out of date. */
  check: boolean
  /** Look up every link. */
  verify: boolean
}

export interface PortfolioWorld extends RoadWorld {
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  fetch: typeof fetch
  /** Called before each link that is looked up. */
  tell: (url: string) => void
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
 * Makes the portfolio from evidence alone. Throws a UserError, with the result in `done`: exit code 1 when with `check` it is out of date, or a link is broken;
 * 3 when a link could not be looked up.
 */
export async function makePortfolio(
  request: PortfolioRequest,
  world: PortfolioWorld,
): Promise<PortfolioResult> {
  const { folder, road } = readRoad(world)
  const { directory, name } = folder.portfolio
  const present = readPresent(directory)
  if (request.check && folder.projects.length === 0 && present[FILES.data] !== null) throw nothingBeside(name)
  const portfolio = portfolioOf(road, world.roadmap, {
    words: wordsIn(present),
    origins: await originsOf(folder, world.signal),
  })
  const files = planFiles(portfolio, present, digest)
  if (!request.check) await writePortfolio(directory, files)
  const result: PortfolioResult = {
    directory: folder.directory,
    folder: name,
    files: files.map(({ name: file, change }) => ({ path: `${name}/${file}`, change })),
    portfolio,
    git: request.check ? null : await firstCommit(directory, files, world.signal),
    links: request.verify ? await checkLinks(portfolio, directory, world) : null,
    warnings: folder.warnings,
  }
  if (request.check) expectUpToDate(result)
  if (result.links) expectWhole(result.links, result)
  return result
}

/** By project, `owner/name` of its remote on GitHub. */
async function originsOf({ projects }: RoadmapFolder, signal: AbortSignal): Promise<Map<string, string>> {
  const origins = new Map<string, string>()
  for (const { name, directory } of projects) {
    const remote = await remoteOf({ directory, signal })
    if (remote?.github) origins.set(name, remote.github)
  }
  return origins
}

/** So that it can be pushed by itself. Files that the learner has there already are theirs to commit. */
function firstCommit(
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

async function checkLinks(
  portfolio: Portfolio,
  directory: string,
  world: PortfolioWorld,
): Promise<CheckedLink[]> {
  const checked: CheckedLink[] = []
  for (const link of allLinks(portfolio)) {
    world.tell(link.url)
    checked.push(await checkLink(link, { ...world, directory, allowLoopback: allowsLoopback(world.env) }))
  }
  return checked
}

function nothingBeside(name: string): UserError {
  return new UserError(
    `There is no project beside ${name}/, so nothing can be compared`,
    'Run it in the roadmap folder, where your projects are',
    { exitCode: EXIT.unmet },
  )
}

function expectUpToDate(result: PortfolioResult): void {
  const old = result.files.filter(({ change }) => change === 'new' || change === 'written')
  if (old.length === 0) return
  const paths = old.map(({ path }) => path).join(', ')
  throw new UserError(`Out of date: ${paths}`, 'Write it anew: ai-eng-starter portfolio', { done: result })
}

function expectWhole(links: readonly CheckedLink[], done: PortfolioResult): void {
  const broken = links.filter(({ result }) => result === 'broken')
  if (broken[0])
    throw new UserError(
      `${broken.length} of ${links.length} links do not hold: ${broken[0].url}: ${broken[0].found}`,
      'Mend what is behind it, then check its gate again: evidence is only renewed by check',
      { done },
    )
  const unseen = links.filter(({ result }) => result === 'unknown')
  if (unseen[0])
    throw new UserError(
      `${unseen.length} of ${links.length} links could not be looked up: ${unseen[0].url}: ${unseen[0].found}`,
      'Try again online; for GitHub, gh auth login or a token in GITHUB_TOKEN',
      { exitCode: EXIT.unmet, done },
    )
}
