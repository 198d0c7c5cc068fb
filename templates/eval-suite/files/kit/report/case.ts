import type { Baseline } from '#kit/evals/baseline'
import type { CaseResult } from '#kit/evals/report'
import { formatDollars, formatMilliseconds } from './charts.ts'
import { html, type Markup, nothing } from './markup.ts'

type Change = 'lost' | 'gained' | 'new' | 'changed' | 'same'

const LONGEST = 20_000 // characters of a text that are shown

/** Classifies how a case changed since the baseline. */
function classifyChange(now: CaseResult, was: Baseline['cases'][number] | undefined): Change {
  if (was === undefined) return 'new'
  if (was.caseHash !== now.caseHash) return 'changed'
  if (was.outcome === 'pass' && now.outcome === 'fail') return 'lost'
  return was.outcome === 'fail' && now.outcome === 'pass' ? 'gained' : 'same'
}

const OUTCOMES = { pass: ['✓', 'passed'], fail: ['✗', 'failed'], error: ['!', 'error'] } as const

const MOST_OPEN = 3

/** Renders every case in order; the first few lost or ungraded ones are open. */
export function renderCases(cases: readonly CaseResult[], baseline: Baseline | null): Markup[] {
  const before = new Map(baseline?.cases.map((result) => [result.id, result]))
  let open = 0
  return cases.map((result) => {
    const was = before.get(result.id)
    const change = baseline === null ? 'same' : classifyChange(result, was)
    const isOpen = (result.outcome === 'error' || change === 'lost') && ++open <= MOST_OPEN
    return renderCaseDetails(result, was, { change, isOpen })
  })
}

/** Renders one case. Any text in it may come from a model. */
function renderCaseDetails(
  result: CaseResult,
  was: Baseline['cases'][number] | undefined,
  { change, isOpen }: { change: Change; isOpen: boolean },
): Markup {
  const { id, outcome, tags, critical, latencyMs, usage } = result
  const [sign, word] = OUTCOMES[outcome]
  const labels = [...(critical ? ['critical'] : []), ...tags]
  return html`<details class="case" id="${`case-${id}`}" data-outcome="${outcome}" data-change="${change}" data-tags="${labels.join('\n')}"${isOpen ? OPEN : nothing}>
<summary><span class="outcome ${outcome}"><span aria-hidden="true">${sign}</span> ${word}</span>
<span class="id">${id}</span>
${change === 'same' ? nothing : html`<span class="change ${change}">${change}</span>`}
<span class="tags">${labels.map((label) => html`<span class="tag">${label}</span> `)}</span>
<span class="figures">${renderScoreBar(result.score)}<span class="ms">${formatMilliseconds(latencyMs)}</span></span></summary>
<div class="body">
${result.error === null ? nothing : renderTextSection('Error', result.error, 'error')}
${result.input === undefined ? nothing : renderTextSection('Input', result.input)}
${result.expected === undefined ? nothing : renderTextSection('Expected', result.expected)}
${renderTextSection('Output', result.output)}
${renderGrades(result)}
${was === undefined ? nothing : renderBaselineChange(result, was, change)}
${renderAttempts(result)}
<p class="small">${formatMilliseconds(latencyMs)}, ${usage.inputTokens} tokens in, ${usage.outputTokens} out, ${usage.costUsd === null ? 'cost unknown' : formatDollars(usage.costUsd)}</p>
</div></details>`
}

const OPEN = html` open`

function renderTextSection(title: string, value: string, kind = ''): Markup {
  const isLong = value.length > LONGEST
  const shown = isLong ? value.slice(0, LONGEST) : value
  const rest = isLong
    ? html`<p class="small">${value.length - LONGEST} more characters are in the JSON report</p>`
    : nothing
  const body =
    value === '' ? html`<p class="small">empty</p>` : html`<pre class="${kind}" tabindex="0">${shown}</pre>`
  return html`<section><h3>${title}</h3>${body}${rest}</section>`
}

function renderGrades({ grades }: CaseResult): Markup {
  if (grades.length === 0) return nothing
  const rows = grades.map(
    ({ grader, pass, score, reason }) => html`<tr><th scope="row">${grader}</th>
<td><span class="outcome ${pass ? 'pass' : 'fail'}">${pass ? '✓ passed' : '✗ failed'}</span></td><td class="number">${score.toFixed(2)}</td><td class="reason">${reason}</td></tr>`,
  )
  return html`<section><h3>Graders</h3><div class="scroll"><table><thead><tr><th scope="col">grader</th><th scope="col">verdict</th><th scope="col">score</th><th scope="col">why</th></tr></thead><tbody>${rows}</tbody></table></div></section>`
}

function renderBaselineChange(
  { outcome, score }: CaseResult,
  was: Baseline['cases'][number],
  change: Change,
): Markup {
  if (change === 'changed')
    return html`<section><h3>Against the baseline</h3><p>The case itself was changed since: there is nothing to compare.</p></section>`
  const now = score === null ? 'no score' : score.toFixed(2)
  const difference = score === null ? nothing : html` (${formatDifference(score - was.score)})`
  return html`<section><h3>Against the baseline</h3>
<p>${OUTCOMES[was.outcome][1]} with ${was.score.toFixed(2)} then, ${OUTCOMES[outcome][1]} with ${now} now${difference}</p></section>`
}

function renderAttempts({ attempts = [] }: CaseResult): Markup {
  if (attempts.length === 0) return nothing
  const items = attempts.map(
    ({ outcome, score, latencyMs }) =>
      html`<li><span class="outcome ${outcome}">${OUTCOMES[outcome].join(' ')}</span> ${score === null ? '' : score.toFixed(2)}, ${formatMilliseconds(latencyMs)}</li>`,
  )
  return html`<section><h3>Every answer</h3><ol>${items}</ol></section>`
}

function renderScoreBar(score: number | null): Markup {
  if (score === null) return html`<span class="score">no score</span>`
  return html`<span class="score"><svg viewBox="0 0 60 6" aria-hidden="true"><rect class="track" width="60" height="6" rx="3"></rect><rect class="${score === 1 ? 'full' : 'part'}" width="${Math.round(score * 60)}" height="6" rx="3"></rect></svg>${score.toFixed(2)}</span>`
}

export function formatDifference(difference: number, digits = 2): string {
  const text = difference.toFixed(digits)
  if (Number(text) === 0) return 'no change'
  return difference > 0 ? `+${text}` : text.replace('-', '−')
}
