import type { Baseline } from '#kit/evals/baseline'
import type { CaseResult } from '#kit/evals/report'
import { dollars, milliseconds } from './charts.ts'
import { html, type Markup, nothing } from './markup.ts'

type Change = 'lost' | 'gained' | 'new' | 'changed' | 'same'

const LONGEST = 20_000 // characters of a text that are shown

/** What became of a case since the baseline. */
function changeOf(now: CaseResult, was: Baseline['cases'][number] | undefined): Change {
  if (was === undefined) return 'new'
  if (was.caseHash !== now.caseHash) return 'changed'
  if (was.outcome === 'pass' && now.outcome === 'fail') return 'lost'
  return was.outcome === 'fail' && now.outcome === 'pass' ? 'gained' : 'same'
}

const OUTCOMES = { pass: ['✓', 'passed'], fail: ['✗', 'failed'], error: ['!', 'error'] } as const

const MOST_OPEN = 3

/** Every case in its order; the first few that are lost or could not be graded stand open. */
export function caseList(cases: readonly CaseResult[], baseline: Baseline | null): Markup[] {
  const before = new Map(baseline?.cases.map((result) => [result.id, result]))
  let open = 0
  return cases.map((result) => {
    const was = before.get(result.id)
    const change = baseline === null ? 'same' : changeOf(result, was)
    const isOpen = (result.outcome === 'error' || change === 'lost') && ++open <= MOST_OPEN
    return caseDetails(result, was, { change, isOpen })
  })
}

/** Everything in it may have been written by a model. */
function caseDetails(
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
<span class="figures">${scoreBar(result.score)}<span class="ms">${milliseconds(latencyMs)}</span></span></summary>
<div class="body">
${result.error === null ? nothing : text('Error', result.error, 'error')}
${result.input === undefined ? nothing : text('Input', result.input)}
${result.expected === undefined ? nothing : text('Expected', result.expected)}
${text('Output', result.output)}
${grades(result)}
${was === undefined ? nothing : against(result, was, change)}
${attempts(result)}
<p class="small">${milliseconds(latencyMs)}, ${usage.inputTokens} tokens in, ${usage.outputTokens} out, ${usage.costUsd === null ? 'cost unknown' : dollars(usage.costUsd)}</p>
</div></details>`
}

const OPEN = html` open`

function text(title: string, value: string, kind = ''): Markup {
  const isLong = value.length > LONGEST
  const shown = isLong ? value.slice(0, LONGEST) : value
  const rest = isLong
    ? html`<p class="small">${value.length - LONGEST} more characters are in the JSON report</p>`
    : nothing
  const body =
    value === '' ? html`<p class="small">empty</p>` : html`<pre class="${kind}" tabindex="0">${shown}</pre>`
  return html`<section><h3>${title}</h3>${body}${rest}</section>`
}

function grades({ grades }: CaseResult): Markup {
  if (grades.length === 0) return nothing
  const rows = grades.map(
    ({ grader, pass, score, reason }) => html`<tr><th scope="row">${grader}</th>
<td><span class="outcome ${pass ? 'pass' : 'fail'}">${pass ? '✓ passed' : '✗ failed'}</span></td><td class="number">${score.toFixed(2)}</td><td class="reason">${reason}</td></tr>`,
  )
  return html`<section><h3>Graders</h3><div class="scroll"><table><thead><tr><th scope="col">grader</th><th scope="col">verdict</th><th scope="col">score</th><th scope="col">why</th></tr></thead><tbody>${rows}</tbody></table></div></section>`
}

function against({ outcome, score }: CaseResult, was: Baseline['cases'][number], change: Change): Markup {
  if (change === 'changed')
    return html`<section><h3>Against the baseline</h3><p>The case itself was changed since: there is nothing to compare.</p></section>`
  const now = score === null ? 'no score' : score.toFixed(2)
  const difference = score === null ? nothing : html` (${signed(score - was.score)})`
  return html`<section><h3>Against the baseline</h3>
<p>${OUTCOMES[was.outcome][1]} with ${was.score.toFixed(2)} then, ${OUTCOMES[outcome][1]} with ${now} now${difference}</p></section>`
}

function attempts({ attempts = [] }: CaseResult): Markup {
  if (attempts.length === 0) return nothing
  const items = attempts.map(
    ({ outcome, score, latencyMs }) =>
      html`<li><span class="outcome ${outcome}">${OUTCOMES[outcome].join(' ')}</span> ${score === null ? '' : score.toFixed(2)}, ${milliseconds(latencyMs)}</li>`,
  )
  return html`<section><h3>Every answer</h3><ol>${items}</ol></section>`
}

function scoreBar(score: number | null): Markup {
  if (score === null) return html`<span class="score">no score</span>`
  return html`<span class="score"><svg viewBox="0 0 60 6" aria-hidden="true"><rect class="track" width="60" height="6" rx="3"></rect><rect class="${score === 1 ? 'full' : 'part'}" width="${Math.round(score * 60)}" height="6" rx="3"></rect></svg>${score.toFixed(2)}</span>`
}

export function signed(difference: number, digits = 2): string {
  const text = difference.toFixed(digits)
  if (Number(text) === 0) return 'no change'
  return difference > 0 ? `+${text}` : text.replace('-', '−')
}
