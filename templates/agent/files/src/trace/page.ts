import { toJson } from '#kit/console/json'
import { printableText } from '#kit/console/printable'
import type { EventOf, RunEvent } from '../run/events.ts'
import { answerOf, type CallState, type RunState, stateOf } from '../run/state.ts'
import { STYLE } from './style.ts'

/** A run as one file that needs nothing else: no script, no request, every word of it escaped. */
export function tracePage(events: readonly RunEvent[]): string {
  const state = stateOf(events)
  const { started, steps, stopped } = state
  const title = `Run ${started.run}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kind">${escaped(whoOf(started))} · ${escaped(started.root)}</p>
<h1>${escaped(title)}</h1>
<p><strong class="reason ${stopped?.reason === 'done' ? 'ok' : 'error'}">${escaped(stopped?.reason ?? 'not ended')}</strong> ${escaped(stopped?.detail ?? '')}</p>
${figures(state)}
<details><summary>Goal</summary><pre>${escaped(started.goal)}</pre></details>
</header>
<main>
${timeline(state)}
<ol>
${steps.map((step, index) => stepItem(step, index + 1, state)).join('\n')}
</ol>
<h2>Answer</h2>
<pre class="answer">${escaped(answerOf(state) || 'none')}</pre>
</main>
</body>
</html>
`
}

function whoOf({ provider, model }: RunState['started']): string {
  return provider === 'heuristic' ? 'heuristic (rules, not a language model)' : `${provider} · ${model}`
}

function figures({ steps, calls, tokens, costUsd, workMs }: RunState): string {
  const cost = costUsd === null ? 'unknown' : `$${Number(costUsd.toPrecision(3))}`
  const pairs = [
    ['steps', steps.length],
    ['calls', calls.length],
    ['tokens', tokens.toLocaleString('en-US')],
    ['cost', cost],
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

/** Where the time went: the model's, then each call's, one under the other. */
function timeline({ started, steps, calls }: RunState): string {
  // Rules are no model, and the page does not say so either.
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
      `<a class="row" href="#step-${step}"><span>${step}. ${escaped(label)}</span><meter class="${kind}" min="0" max="${longest}" value="${ms}">${ms} ms</meter><span class="ms">${ms} ms</span></a>`,
  )
  return `<nav aria-label="Timeline">${rows.join('\n')}</nav>`
}

function stepItem({ ms, usage, text, at }: EventOf<'step'>, number: number, { calls }: RunState): string {
  const own = calls.filter(({ step }) => step === number)
  if (own.length === 0) return ''
  const said = text === '' ? '' : `<p>${escaped(text)}</p>`
  return `<li id="step-${number}"><h2>Step ${number}</h2><p class="kind">${escaped(at)} · ${usage.inputTokens} tokens in, ${usage.outputTokens} out · ${ms} ms</p>${said}
${own.map(callCard).join('\n')}</li>`
}

function callCard({ tool, input, decision, result }: CallState): string {
  const decided = decision
    ? `<p class="kind">${decision.decision} by ${escaped(decision.by)}, ${escaped(decision.approval)}</p>`
    : ''
  const outcome = result?.outcome ?? 'open'
  const cut = result && result.cut > 0 ? `<p class="kind">${result.cut} more characters were cut off</p>` : ''
  return `<article class="${outcome}"><h3><code>${escaped(tool)}</code> <span class="reason ${outcome}">${outcome}</span></h3>
<pre>${escaped(toJson(input, 2))}</pre>${decided}
<details${outcome === 'ok' ? '' : ' open'}><summary>Result, ${result?.ms ?? 0} ms</summary><pre>${escaped(result?.output ?? 'none')}</pre>${cut}</details></article>`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return printableText(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
