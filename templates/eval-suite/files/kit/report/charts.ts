import type { HistoryEntry } from '#kit/evals/history'
import type { EvalReport } from '#kit/evals/report'
import { computeWilson95 } from '#kit/evals/wilson'
import { html, type Markup, nothing } from './markup.ts'

interface Point {
  at: string
  /** null: not known. */
  value: number | null
  /** The 95% interval of the value. */
  range?: readonly [number, number]
  label: string
}

interface Chart {
  title: string
  points: readonly Point[]
  /** Highest value of the axis; without one, the highest point. */
  most?: number
  format(value: number): string
}

const MOST_POINTS = 60
const SIZE = { width: 340, height: 150, left: 52, right: 12, top: 12, bottom: 26 }

/**
 * Renders score, cost and latency of the blessed runs of this provider and model, and of this run as a ring.
 */
export function renderCharts(report: EvalReport, history: readonly HistoryEntry[]): Markup {
  const { summary, provider, name, startedAt } = report
  const blessed = history.filter(
    (entry) => entry.suite === name && entry.provider === provider.name && entry.model === provider.model,
  )
  const now = { ...summary, at: startedAt, reason: 'this run, not blessed' }
  const entries = [...blessed.slice(1 - MOST_POINTS), now]
  const points = (
    figureOf: (entry: (typeof entries)[number]) => number | null | undefined,
    format: Chart['format'],
  ) =>
    entries.map((entry): Point => {
      const value = figureOf(entry) ?? null
      return {
        at: entry.at,
        value,
        label: `${formatDay(entry.at)}: ${value === null ? 'not known' : format(value)}${entry.reason ? `, ${entry.reason}` : ''}`,
      }
    })
  const percent = (share: number) => `${Math.round(share * 100)}%`
  const passed = entries.map(
    (entry): Point => ({
      at: entry.at,
      value: entry.total === 0 ? null : entry.passed / entry.total,
      range: computeWilson95(entry.passed, entry.total),
      label: `${formatDay(entry.at)}: ${entry.passed} of ${entry.total}${entry.reason ? `, ${entry.reason}` : ''}`,
    }),
  )
  return html`<div class="charts">${[
    renderChart({ title: 'Passed, with 95% interval', points: passed, most: 1, format: percent }),
    renderChart({
      title: 'Cost of a run',
      points: points((entry) => entry.costUsd, formatDollars),
      format: formatDollars,
    }),
    renderChart({
      title: 'Latency, median',
      points: points((entry) => entry.p50LatencyMs, formatMilliseconds),
      format: formatMilliseconds,
    }),
  ]}</div>`
}

function renderChart({ title, points, most, format }: Chart): Markup {
  const known = points.flatMap(({ value }) => value ?? [])
  const top = most ?? Math.max(...known, 0)
  const { width, height, left, right, top: above, bottom } = SIZE
  const inner = { width: width - left - right, height: height - above - bottom }
  const x = (index: number) =>
    round(left + (points.length === 1 ? inner.width / 2 : (index * inner.width) / (points.length - 1)))
  const y = (value: number) => round(above + inner.height * (1 - (top === 0 ? 0 : Math.min(1, value / top))))
  const path = buildLinePath(points.slice(0, -1), x, y)
  const marks = points.map((point, index) => renderMark(point, index === points.length - 1, x(index), y))
  const spoken = points.at(-1)?.label ?? ''
  return html`<figure><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`${title}. ${points.length - 1} blessed runs. ${spoken}`}">
<line class="axis" x1="${left}" x2="${width - right}" y1="${y(0)}" y2="${y(0)}"></line>
<line class="grid" x1="${left}" x2="${width - right}" y1="${y(top)}" y2="${y(top)}"></line>
<text x="${left - 6}" y="${y(0)}" class="value">${format(0)}</text>
${top > 0 ? html`<text x="${left - 6}" y="${y(top) + 4}" class="value">${format(top)}</text>` : nothing}
<text x="${left}" y="${height - 6}" class="date">${formatDay(points[0]?.at ?? '')}</text>
${points.length > 1 ? html`<text x="${width - right}" y="${height - 6}" class="date last">${formatDay(points.at(-1)?.at ?? '')}</text>` : nothing}
${path === '' ? nothing : html`<path class="line" d="${path}"></path>`}${marks}
</svg></figure>`
}

function renderMark(
  { value, range, label }: Point,
  isNow: boolean,
  x: number,
  y: (value: number) => number,
): Markup {
  if (value === null) return nothing
  const interval = range
    ? html`<line class="interval" x1="${x}" x2="${x}" y1="${y(range[0])}" y2="${y(range[1])}"></line>`
    : nothing
  return html`<g>${interval}<circle class="${isNow ? 'now' : 'dot'}" cx="${x}" cy="${y(value)}" r="${isNow ? 5 : 3}"><title>${label}</title></circle></g>`
}

/** Builds the path of a line, with a gap where a value is unknown. */
function buildLinePath(
  points: readonly Point[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const steps = points.map(({ value }, index) => {
    if (value === null) return ''
    const joins = index > 0 && points[index - 1]?.value !== null
    return `${joins ? 'L' : 'M'}${x(index)} ${y(value)}`
  })
  return steps.join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function formatDay(at: string): string {
  return at.slice(0, 10)
}

export function formatDollars(usd: number): string {
  return usd === 0 ? '$0' : `$${Number(usd.toPrecision(2))}`
}

export function formatMilliseconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
