import { makePortfolio, type PortfolioResult } from '../../commands/portfolio.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Claim } from '../../core/portfolio/claims.ts'
import { findHeadline, LABELS } from '../../core/portfolio/sections.ts'
import { countNoun } from '../../core/words.ts'
import type { Context } from '../context.ts'
import type { Look } from '../text/gates.ts'
import { wrapHanging } from '../text/lines.ts'

interface PortfolioGiven {
  arguments: readonly []
  options: { check?: true; verify?: true; skipped?: true }
}

/** Prints what was generated, also when a link is broken. */
export async function run({ options }: PortfolioGiven, context: Context): Promise<Outcome<PortfolioResult>> {
  const { check = false, verify = false, skipped = false } = options
  const request = { check, verify, skipped }
  const outcome = await makePortfolio(request, await context.makeWorld())
  await context.show((look) => describePortfolio(outcome.result, request.check, look))
  return outcome
}

function describePortfolio(result: PortfolioResult, check: boolean, look: Look): string {
  const { width } = look
  const { portfolio, links, warnings } = result
  const evals = portfolio.evals.flatMap(pickHeadline)
  const rows: [string, readonly Claim[]][] = [
    ['Shipped', portfolio.shipped],
    ['Measured', evals],
    ['Written', portfolio.post],
    ['Open source', portfolio.pullRequest],
  ]
  const shown = rows.flatMap(([name, claims]) => formatRow(name, claims, look))
  const looked = (links ?? []).map(({ url, result: outcome, found }) =>
    wrapHanging(`${outcome.padEnd(7)}  `, outcome === 'ok' ? url : `${url}: ${found}`, width),
  )
  const notes = [...warnings, ...describeSkipped(portfolio)].map((text) => wrapHanging('Note: ', text, width))
  const ending = check ? [] : formatEnding(result, look)
  const blocks = [formatFiles(result, check, look), shown, looked, notes, ending].filter(
    (lines) => lines.length > 0,
  )
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function pickHeadline({ title, claims }: PortfolioResult['portfolio']['evals'][number]): Claim[] {
  const best = findHeadline(claims)
  if (best) return [{ ...best, says: `${title}: ${best.says}` }]
  return claims.filter(({ standing }) => standing === 'not-yet').slice(0, 1)
}

function describeSkipped({ skipped }: PortfolioResult['portfolio']): string[] {
  if (!skipped || skipped.count === 0 || skipped.shown) return []
  return [`${countNoun(skipped.count, 'skipped gate')} not listed; --skipped lists them`]
}

const CHANGES = { new: 'new', written: 'written', unchanged: 'unchanged', kept: 'yours, kept' } as const
const STATES = { ...CHANGES, new: 'missing', written: 'out of date', unchanged: 'up to date' } as const

function formatFiles({ files }: PortfolioResult, check: boolean, { width }: Look): string[] {
  const widest = Math.max(...files.map(({ path }) => path.length))
  return files.map(({ path, change }) =>
    wrapHanging(`${path.padEnd(widest)}  `, (check ? STATES : CHANGES)[change], width),
  )
}

/** Each claim in one line; if there is none, the next thing to do. */
function formatRow(name: string, claims: readonly Claim[], { width, paint }: Look): string[] {
  const first = `${name.padEnd(11)}  `
  const there = claims.filter(({ standing }) => standing !== 'not-yet' && standing !== 'waived')
  const missing = claims.find(({ standing }) => standing === 'not-yet')
  if (there.length > 0)
    return there.map((claim, index) => {
      const label = LABELS[claim.standing]
      const says = `${claim.says}${label === '' ? '' : ` (${label})`}`
      return wrapHanging(index === 0 ? first : ' '.repeat(first.length), says, width)
    })
  return [paint('dim', wrapHanging(first, `not yet: ${missing?.says ?? 'ai-eng-starter next'}`, width))]
}

function formatEnding({ files, folder, git }: PortfolioResult, { width }: Look): string[] {
  const kept = files.filter(({ change }) => change === 'kept').map(({ path }) => path)
  const changed = files.some(({ change }) => change === 'new' || change === 'written')
  const isCommitted = git?.status === 'committed'
  return [
    ...kept.map((path) =>
      wrapHanging(
        '',
        `${path} was edited by hand and stays unchanged. To generate it again, move it away.`,
        width,
      ),
    ),
    wrapHanging(
      '',
      `Introduce yourself at the top of ${folder}/PORTFOLIO.md, above the begin mark; the page shows that text too.`,
      width,
    ),
    wrapHanging('', `Open it: ${folder}/index.html`, width),
    ...(isCommitted
      ? [
          wrapHanging(
            '',
            `${folder}/ is its own git repository. Push it, and GitHub Pages can serve it.`,
            width,
          ),
        ]
      : changed
        ? [`Commit it: git -C ${folder} add . && git -C ${folder} commit -m Portfolio`]
        : []),
  ]
}
