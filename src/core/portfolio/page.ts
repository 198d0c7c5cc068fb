import { encoders } from '../encoders.ts'
import type { Change } from '../gates/change.ts'
import type { Link } from '../gates/kind.ts'
import type { Portfolio } from './portfolio.ts'
import { composeSections, type Group, type Item, LABELS, NOTHING_YET, type Section } from './sections.ts'

const { html } = encoders

/**
 * Renders the static page: one file that loads nothing, runs nothing, and contains only escaped text.
 * `styleHash` is the base64 SHA-256 of `style`.
 */
export function renderPage(
  portfolio: Portfolio,
  { style, styleHash }: { style: string; styleHash: string },
): string {
  const { title, intro, asOf } = portfolio
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`
  const sections = composeSections(portfolio)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="ai-eng-starter">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<h1>${html(title)}</h1>
${renderParagraphs(intro)}
<nav aria-label="Sections"><ul>${sections.map(({ id, heading }) => `<li><a href="#${id}">${html(heading)}</a></li>`).join('')}</ul></nav>
</header>
<main id="main">
${sections.length === 0 ? `<p class="note">${html(NOTHING_YET)}</p>` : sections.map(renderSection).join('\n')}
</main>
<footer>
<p>Each line rests on a record of evidence in the repository that it describes: a score, a commit, a CI run, an address.${
    asOf === null ? '' : ` The newest record is of <time>${html(asOf)}</time>.`
  } Items that no program can check are labelled as self-reported.</p>
</footer>
</body>
</html>
`
}

/** Renders paragraphs and Markdown links; shows everything else literally. */
function renderParagraphs(text: string): string {
  const blocks = text.split(/\n\s*\n/).filter((block) => block.trim() !== '')
  return blocks.map((block) => `<p>${renderInline(block.trim())}</p>`).join('\n')
}

function renderInline(text: string): string {
  const pieces = text.split(/(\[[^\]\n]+\]\(https?:\/\/[^\s)<>]+\))/)
  return pieces
    .map((piece) => {
      const [, label, url] = /^\[([^\]\n]+)\]\((https?:\/\/[^\s)<>]+)\)$/.exec(piece) ?? []
      return label !== undefined && url !== undefined ? renderLink(label, url) : html(piece)
    })
    .join('')
}

function renderSection({ id, heading, note, groups }: Section): string {
  return `<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${html(heading)}</h2>
${note === '' ? '' : `<p class="note">${html(note)}</p>\n`}${groups.map(renderGroup).join('\n')}
</section>`
}

function renderGroup({ heading, summary, links, items }: Group): string {
  const head = heading === null ? '' : `<div class="head"><h3>${html(heading)}</h3>${linkList(links)}</div>\n`
  const line = summary === '' ? '' : `<p class="quiet">${html(summary)}</p>\n`
  const list =
    items.length === 0
      ? ''
      : `<ul class="${heading === null ? 'items' : 'rows'}">\n${items.map(renderItem).join('\n')}\n</ul>`
  return `<div class="group">\n${head}${line}${list}\n</div>`
}

function renderItem({ lead, text, standing, day, change, links, file }: Item): string {
  const label = LABELS[standing]
  const badge = label === '' ? '' : ` <span class="badge">${html(label)}</span>`
  const when = day === null ? '' : `<time>${html(day)}</time>`
  const title = file === null ? html(lead) : `<a href="${html(file)}">${html(lead)}</a>`
  const body = html(text.replaceAll('->', '\u2192'))
  const foot = when === '' && links.length === 0 ? '' : `\n<div class="foot">${when}${linkList(links)}</div>`
  return `<li class="${standing}">
<p class="lead">${title}${badge}</p>
<div>${change ? renderChart(change) : ''}<p>${body}</p>${foot}</div>
</li>`
}

function linkList(links: readonly Link[]): string {
  return links.length === 0
    ? ''
    : `<span class="links">${links.map(({ label, url }) => renderLink(label, url)).join(' ')}</span>`
}

/** Addresses come from evidence, which can be forged: only http addresses become links. */
function renderLink(label: string, url: string): string {
  const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return isWeb ? `<a href="${html(url)}" rel="noopener noreferrer">${html(label)}</a>` : html(label)
}

const CHART_WIDTH = 300

/**
 * Shows before and after as two bars over all cases that both runs had. The text next to it says the same.
 */
function renderChart({ before, after, paired }: Change): string {
  const width = (passed: number) => Math.round((passed / Math.max(1, paired)) * CHART_WIDTH)
  const row = (y: number, name: string, passed: number) =>
    `<rect class="track" x="0" y="${y}" width="${CHART_WIDTH}" height="14" rx="3"/><rect class="${name}" x="0" y="${y}" width="${width(passed)}" height="14" rx="3"/><text x="${CHART_WIDTH + 10}" y="${y + 12}">${passed}/${paired} ${name}</text>`
  return `<svg class="chart" viewBox="0 0 ${CHART_WIDTH + 110} 38" aria-hidden="true">${row(2, 'before', before)}${row(22, 'after', after)}</svg>\n`
}
