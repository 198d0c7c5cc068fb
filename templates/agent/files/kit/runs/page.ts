import { toJson } from '#kit/console/json'
import { toPrintable } from '#kit/console/printable'
import { readAnswer, renderCost, type ShownCall, type ShownRun, type ShownStep } from './run.ts'
import { STYLE } from './style.ts'

/** A run as one HTML file that stands alone: no script, no request, every word of it escaped. */
export function renderPage(run: ShownRun): string {
  const { started, steps, stopped } = run
  const title = `Run ${started.run}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kind">${escapeHtml(describeModel(started))} · ${escapeHtml(started.root)}</p>
<h1>${escapeHtml(title)}</h1>
<p><strong class="reason ${stopped?.reason === 'done' ? 'ok' : 'error'}">${escapeHtml(stopped?.reason ?? 'not ended')}</strong> ${escapeHtml(stopped?.detail ?? '')}</p>
${renderFigures(run)}
<details><summary>Goal</summary><pre>${escapeHtml(started.goal)}</pre></details>
</header>
<main>
${renderTimeline(run)}
<ol>
${steps.map((step, index) => renderStep(step, index + 1, run)).join('\n')}
</ol>
<h2>Answer</h2>
<pre class="answer">${escapeHtml(readAnswer(run) || 'none')}</pre>
</main>
</body>
</html>
`
}

function describeModel({ provider, model }: ShownRun['started']): string {
  return provider === 'heuristic' ? 'heuristic (rules, not a language model)' : `${provider} · ${model}`
}

function renderFigures(run: ShownRun): string {
  const { steps, calls, tokens, workMs } = run
  const pairs = [
    ['steps', steps.length],
    ['calls', calls.length],
    ['tokens', tokens.toLocaleString('en-US')],
    ['cost', renderCost(run) ?? 'unknown'],
    ['work', `${(workMs / 1_000).toFixed(2)} s`],
  ]
  return `<dl>${pairs.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`
}

interface Bar {
  kind: string
  label: string
  ms: number
  step: number
}

/** Where the time went, one bar under the other: the model, then each call. */
function renderTimeline({ started, steps, calls }: ShownRun): string {
  // The heuristic provider is not a model, so the page does not call it one.
  const who = started.provider === 'heuristic' ? 'rules' : 'model'
  const bars = steps.flatMap((step, index): Bar[] => [
    { kind: 'model', label: who, ms: step.ms, step: index + 1 },
    ...calls
      .filter((call) => call.step === index + 1)
      .map(({ tool, result }) => ({
        kind: result?.outcome ?? 'open',
        label: tool,
        ms: result?.ms ?? 0,
        step: index + 1,
      })),
  ])
  const longest = Math.max(1, ...bars.map(({ ms }) => ms))
  const rows = bars.map(
    ({ kind, label, ms, step }) =>
      `<a class="row" href="#step-${step}"><span>${step}. ${escapeHtml(label)}</span><meter class="${kind}" min="0" max="${longest}" value="${ms}">${ms} ms</meter><span class="ms">${ms} ms</span></a>`,
  )
  return `<nav aria-label="Timeline">${rows.join('\n')}</nav>`
}

function renderStep({ ms, usage, text, at }: ShownStep, number: number, { calls }: ShownRun): string {
  const own = calls.filter(({ step }) => step === number)
  if (own.length === 0) return ''
  const said = text === '' ? '' : `<p>${escapeHtml(text)}</p>`
  return `<li id="step-${number}"><h2>Step ${number}</h2><p class="kind">${escapeHtml(at)} · ${usage.inputTokens} tokens in, ${usage.outputTokens} out · ${ms} ms</p>${said}
${own.map(renderCall).join('\n')}</li>`
}

function renderCall({ tool, input, decision, result }: ShownCall): string {
  const decided = decision
    ? `<p class="kind">${decision.decision} by ${escapeHtml(decision.by)}, ${escapeHtml(decision.approval)}</p>`
    : ''
  const outcome = result?.outcome ?? 'open'
  const cut = result && result.cut > 0 ? `<p class="kind">${result.cut} more characters were cut off</p>` : ''
  return `<article class="${outcome}"><h3><code>${escapeHtml(tool)}</code> <span class="reason ${outcome}">${outcome}</span></h3>
<pre>${escapeHtml(toJson(input, 2))}</pre>${decided}
<details${outcome === 'ok' ? '' : ' open'}><summary>Result, ${result?.ms ?? 0} ms</summary><pre>${escapeHtml(result?.output ?? 'none')}</pre>${cut}</details></article>`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return toPrintable(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
