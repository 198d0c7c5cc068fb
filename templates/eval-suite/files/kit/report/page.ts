import { createHash } from 'node:crypto'
import type { Baseline } from '#kit/evals/baseline'
import type { HistoryEntry } from '#kit/evals/history'
import type { EvalReport } from '#kit/evals/report'
import { formatVerdict } from '#kit/evals/verdict'
import { formatDifference, renderCases } from './case.ts'
import { formatDollars, formatMilliseconds, renderCharts } from './charts.ts'
import { html, Markup, nothing } from './markup.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

/**
 * Allows only this style and this script, and loads nothing: even output of a model that became markup could
 * do nothing.
 */
const POLICY = `default-src 'none'; style-src '${hashForPolicy(STYLE)}'; script-src '${hashForPolicy(SCRIPT)}'; base-uri 'none'; form-action 'none'`

/**
 * One page of one run, complete in itself: no network, no framework, works from a file. `history` is oldest
 * first.
 */
export function renderHtml(
  report: EvalReport,
  baseline: Baseline | null,
  history: readonly HistoryEntry[],
): string {
  const { name, cases, gate } = report
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${`${formatVerdict(report)}: ${name}`}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>Evals of ${name} <span class="verdict ${gate.verdict}">${formatVerdict(report)}</span></h1>
<p class="small">${describeSource(report)}</p>
${renderList(gate.reasons, 'reasons')}${renderList(gate.notes, 'notes')}
</header>
<main>
${renderTiles(report)}
<section aria-label="History"><h2>History</h2>${renderCharts(report, history)}<p class="small">Dots are blessed runs of this suite, provider and model, the ring is this run.</p>${renderHistory(history, name)}</section>
<section aria-label="Cases"><h2>Cases</h2>
${renderFilterBar(report)}
<div id="cases">${renderCases(cases, baseline)}</div>
<p id="none" hidden>No case matches.</p></section>
</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`
  return page.html
}

function describeSource({ provider, commit, dirty, startedAt, durationMs }: EvalReport): string {
  const kind = provider.deterministic ? ' (deterministic, not a language model)' : ''
  const code =
    commit === null ? 'not committed' : `commit ${commit.slice(0, 7)}${dirty ? ' with changes' : ''}`
  return `${provider.name} / ${provider.model}${kind}, ${code}, ${startedAt.slice(0, 16).replace('T', ' ')} UTC, took ${formatMilliseconds(durationMs)}`
}

const MOST_LINES = 5

/** Renders the first few lines and folds the rest; a bad run has one line per case. */
function renderList(lines: readonly string[], kind: string): Markup {
  if (lines.length === 0) return nothing
  const items = lines.map((line) => html`<li>${line}</li>`)
  const shown = html`<ul class="${kind}">${items.slice(0, MOST_LINES)}</ul>`
  if (lines.length <= MOST_LINES) return shown
  const rest = html`<summary>${lines.length - MOST_LINES} more</summary><ul class="${kind}">${items.slice(MOST_LINES)}</ul>`
  return html`${shown}<details class="more">${rest}</details>`
}

function renderTiles({ summary, gate }: EvalReport): Markup {
  const { passed, total, errors, wilson95, meanScore, costUsd, p50LatencyMs, p95LatencyMs } = summary
  const [low, high] = wilson95.map((share) => `${Math.round(share * 100)}%`)
  const paired = gate.delta === null ? '' : `on ${gate.delta.paired} paired cases`
  const score =
    gate.delta === null ? 'nothing to compare with' : `${formatDifference(gate.delta.meanScore, 3)} ${paired}`
  const p95 = `p95 ${formatMilliseconds(p95LatencyMs)}`
  const slower = gate.before === undefined ? null : p50LatencyMs - gate.before.p50LatencyMs
  return html`<dl class="tiles">
${renderTile('Passed', `${passed} of ${total}`, `95% interval ${low} to ${high}${errors > 0 ? `, ${errors} could not be graded` : ''}`)}
${renderTile('Mean score', meanScore === null ? 'none' : meanScore.toFixed(3), score)}
${renderTile('Lost and gained', `${gate.lost.length} and ${gate.gained.length}`, gate.delta === null ? 'no baseline' : paired)}
${renderTile('Latency', formatMilliseconds(p50LatencyMs), slower === null ? p95 : `${formatMedianChange(slower)}, ${p95}`)}
${renderTile('Cost', costUsd === null ? 'unknown' : formatDollars(costUsd), costUsd === null ? 'a price is missing' : 'for the whole run')}
</dl>`
}

function formatMedianChange(ms: number): string {
  return ms === 0 ? 'median as before' : `${formatDifference(ms, 0)} ms median`
}

function renderTile(name: string, value: string, note: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}<span class="small">${note}</span></dd></div>`
}

function renderFilterBar({ cases }: EvalReport): Markup {
  const tags = [
    ...new Set(cases.flatMap((result) => [...(result.critical ? ['critical'] : []), ...result.tags])),
  ].sort()
  return html`<form class="filter" id="filter" hidden>
<label>Find <input id="find" type="search" placeholder="id, text, reason" autocomplete="off" spellcheck="false"></label>
<label>Show <select id="show"><option value="">all cases</option><option value="fail">failed</option><option value="error">errors</option><option value="lost">lost since the baseline</option><option value="gained">gained</option><option value="new">new</option><option value="pass">passed</option></select></label>
${tags.length > 0 ? html`<label>Tag <select id="tag"><option value="">any</option>${tags.map((tag) => html`<option value="${tag}">${tag}</option>`)}</select></label>` : nothing}
<button type="button" id="open">Open all</button>
<output id="count" aria-live="polite"></output>
</form>`
}

function renderHistory(history: readonly HistoryEntry[], suite: string): Markup {
  const rows = history.filter((entry) => entry.suite === suite).toReversed()
  if (rows.length === 0) return html`<p>Nothing was blessed yet.</p>`
  return html`<details class="more"><summary>What was blessed, and why (${rows.length})</summary><div class="scroll"><table>
<thead><tr><th scope="col">when</th><th scope="col">provider</th><th scope="col">passed</th><th scope="col">score</th><th scope="col">cost</th><th scope="col">why</th></tr></thead>
<tbody>${rows.map(renderHistoryRow)}</tbody></table></div></details>`
}

function renderHistoryRow({
  at,
  commit,
  provider,
  model,
  passed,
  total,
  meanScore,
  costUsd,
  reason,
  gained = [],
  lost = [],
}: HistoryEntry): Markup {
  const moved = [...gained.map((id) => `+${id}`), ...lost.map((id) => `−${id}`)].join(' ')
  return html`<tr><td>${at.slice(0, 10)} ${commit === null ? '' : commit.slice(0, 7)}</td><td>${provider} / ${model}</td><td>${passed} of ${total}</td>
<td class="number">${meanScore === null ? '' : meanScore.toFixed(3)}</td><td class="number">${costUsd === undefined || costUsd === null ? '' : formatDollars(costUsd)}</td><td>${reason ?? ''} ${moved}</td></tr>`
}

function hashForPolicy(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
