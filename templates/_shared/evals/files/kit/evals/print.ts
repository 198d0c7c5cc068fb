import type { Baseline } from './baseline.ts'
import type { BadAnswer } from './commands.ts'
import { describeFailedCase, listFailed, type RenderOutput, renderFailures } from './failures.ts'
import { formatCode, toPrintableLine } from './line.ts'
import { estimatePassAtK, estimatePassHatK } from './repeats.ts'
import type { CaseResult, EvalReport, Gate } from './report.ts'
import { sumCost } from './summary.ts'
import { formatVerdict } from './verdict.ts'

/** Answers of failed cases below the table of a whole run, of a filtered run, and on a page. */
const ANSWERS = { whole: 5, filtered: 20, page: 50 }

export interface PrintOptions {
  /** Some of the cases were run, and no page was written. */
  isFiltered?: boolean
  /** Replaces the verdict. */
  headline?: string
  renderOutput?: RenderOutput | undefined
}

/**
 * Formats the report for a terminal: a line per case, answers of failed cases, totals, and the verdict with its
 * reasons. Deltas are relative to `baseline`.
 */
export function formatTerminal(
  report: EvalReport,
  baseline: Baseline | null,
  { isFiltered = false, headline = formatVerdict(report), renderOutput }: PrintOptions = {},
): string {
  const { gate } = report
  const answers = renderFailures(listFailed(report.cases, baseline), {
    most: isFiltered ? ANSWERS.filtered : ANSWERS.whole,
    elsewhere: isFiltered ? 'name one with --filter ID' : `reports/eval-${report.name}.md`,
    renderOutput,
  })
  const rows = [['case', 'outcome', 'score', 'delta', ''], ...renderCaseRows(report.cases, baseline)]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const reasons = gate.reasons.map((reason) => `  ${toPrintableLine(reason)}`)
  const notes = gate.notes.map((note) => `note: ${toPrintableLine(note)}`)
  return [...table, ...answers, '', ...renderPassTotals(report), ...notes, '', headline, ...reasons, ''].join(
    '\n',
  )
}

/** Formats the report as a Markdown page, for the reports folder and GitHub's job summary. */
export function formatMarkdown(
  report: EvalReport,
  baseline: Baseline | null,
  { renderOutput }: PrintOptions = {},
): string {
  const { name, gate, startedAt, commit, dirty } = report
  const changes = dirty ? ' with changes' : ''
  const source = commit === null ? 'not committed' : `commit ${commit.slice(0, 7)}${changes}`
  const rows = renderCaseRows(report.cases, baseline).map(
    ([id = '', outcome = '', score = '', delta = '', why = '']) => {
      return [id, outcome, score, delta, formatCode(why).replaceAll('|', '\\|')]
    },
  )
  return [
    `## Evals of ${name}: ${formatVerdict(report)}`,
    '',
    ...gate.reasons.map((reason) => `- ${formatCode(reason)}`),
    ...gate.notes.map((note) => `- note: ${formatCode(note)}`),
    '',
    ...renderPassTotals(report).flatMap((line) => [line, '']),
    renderMarkdownTable(['case', 'outcome', 'score', 'delta', 'why'], rows),
    '',
    ...renderAnswers(listFailed(report.cases, baseline), renderOutput),
    `${source}, ${startedAt}`,
    '',
  ].join('\n')
}

/** Renders a Markdown table. Cells are Markdown: escape a model's text first. */
export function renderMarkdownTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Formats one line per kind of bad answer, the cases that let it pass, and a verdict. */
export function formatSelfTest(answers: readonly BadAnswer[]): string {
  const lines = answers.flatMap(({ name, failed, total, letThrough, caught }) => [
    `${caught ? 'caught     ' : 'LET THROUGH'}  ${name}: failed ${failed} of ${total}, wanted at least 80%`,
    ...(letThrough.length > 0 ? [`             passed by ${letThrough.join(', ')}`] : []),
  ])
  const verdict = answers.every(({ caught }) => caught)
    ? 'the eval set tells bad answers from good ones'
    : 'this eval set is worth nothing yet: give the cases named above facts or limits that such an answer misses'
  return `${[...lines, '', verdict].join('\n')}\n`
}

export interface ProgressStream {
  isTTY?: boolean
  write(text: string): unknown
}

/**
 * Shows cases done, rate, cost so far and time left: as one live line on a terminal, else (a CI log) as a
 * line every ten seconds. `end` clears the live line.
 */
export function showProgress(stream: ProgressStream, total: number, now: () => number) {
  const startedAt = now()
  const done: CaseResult[] = []
  let lastShownAt = startedAt
  const line = () => {
    const seconds = (now() - startedAt) / 1000
    const left = formatMinutes(((total - done.length) * seconds) / done.length)
    const rate = (done.length / Math.max(seconds, 0.001)).toFixed(1)
    return `${done.length}/${total} cases, ${rate}/s, ${formatCost(sumCost(done))} so far, ${left} left`
  }
  return {
    add(result: CaseResult) {
      done.push(result)
      if (stream.isTTY) {
        stream.write(`\r\x1b[2K${line()}`)
      } else if (now() - lastShownAt >= 10_000) {
        lastShownAt = now()
        stream.write(`${line()}\n`)
      }
    },
    end() {
      if (stream.isTTY) stream.write('\r\x1b[2K')
    },
  }
}

/** Formats US dollars with four decimals, because a case costs cents or less. */
export function formatCost(usd: number | null): string {
  return usd === null ? 'cost unknown' : `$${usd.toFixed(4)}`
}

function formatMinutes(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`
}

function renderCaseRows(cases: readonly CaseResult[], baseline: Baseline | null): string[][] {
  const before = new Map(baseline?.cases.map((result) => [result.id, result]))
  return cases.map((result) => {
    const { id, outcome, grades, error } = result
    const score = result.score === null ? '-' : result.score.toFixed(2)
    const delta = baseline === null ? '' : formatScoreDelta(result, before.get(id))
    const failed = grades.filter(({ pass }) => !pass).map(({ grader, reason }) => `${grader}: ${reason}`)
    return [id, outcome, score, delta, toPrintableLine(error ?? failed.join('; '))]
  })
}

/** Compares a score with the baseline's: "=", "+0.25", "new", "changed", or "-" without a score. */
function formatScoreDelta(now: CaseResult, was: Baseline['cases'][number] | undefined): string {
  if (was === undefined) return 'new'
  if (was.caseHash !== now.caseHash) return 'changed'
  return now.score === null ? '-' : formatDelta(now.score - was.score, 2)
}

/** Lists how many cases passed, compared with what, and the latency and cost. */
function renderPassTotals({ summary, gate, provider, cases }: EvalReport): string[] {
  const { passed, total, errors, wilson95, meanScore, p50LatencyMs, p95LatencyMs, costUsd } = summary
  const [low, high] = wilson95.map((share) => `${Math.round(share * 100)}%`)
  const mean = meanScore === null ? 'no score' : `mean score ${meanScore.toFixed(3)}`
  const kind = provider.deterministic ? ' (deterministic, not a language model)' : ''
  const failures = errors > 0 ? `, ${errors} errors` : ''
  return [
    `${passed} of ${total} passed (95% Wilson interval ${low} to ${high}), ${mean}${failures}`,
    ...compareToBaseline(gate),
    ...compareToBlessing(gate, summary),
    ...summariseRepeats(cases),
    `${provider.name} / ${provider.model}${kind}, p50 ${p50LatencyMs} ms, p95 ${p95LatencyMs} ms, ${formatCost(costUsd)}`,
  ]
}

function compareToBaseline({ baseline, delta }: Gate): string[] {
  if (baseline === null || delta === null) return []
  const { provider, model, passed, total, meanScore } = baseline
  const before = `against ${provider} / ${model}, ${passed} of ${total}, mean score ${meanScore.toFixed(3)}`
  const change = `${formatChange(delta.passed, 0)} passed, ${formatChange(delta.meanScore, 3)} mean score`
  return [`${before}: ${change} on ${delta.paired} paired cases`]
}

/** Compares latency and cost with those at the last blessing. They don't affect the verdict. */
function compareToBlessing({ before }: Gate, now: EvalReport['summary']): string[] {
  if (before === undefined) return []
  const slower = now.p50LatencyMs - before.p50LatencyMs
  const latency = `p50 ${slower < 0 ? '' : '+'}${slower} ms`
  const isKnown = now.costUsd !== null && before.costUsd !== null
  const dearer = (now.costUsd ?? 0) - (before.costUsd ?? 0)
  const cost = isKnown ? `cost ${dearer < 0 ? '-' : '+'}$${Math.abs(dearer).toFixed(4)}` : 'cost unknown'
  return [`since the blessing of ${before.at.slice(0, 10)}: ${latency}, ${cost}`]
}

/** Says how much of the outcome is chance, for cases that were answered several times. */
function summariseRepeats(cases: readonly CaseResult[]): string[] {
  const counts = cases.flatMap(({ attempts }) => {
    if (attempts === undefined || attempts.some(({ outcome }) => outcome === 'error')) return []
    return [{ n: attempts.length, passed: attempts.filter(({ outcome }) => outcome === 'pass').length }]
  })
  const k = Math.min(...counts.map(({ n }) => n))
  if (counts.length === 0) return []
  const mean = (of: (count: { n: number; passed: number }) => number) =>
    (counts.reduce((sum, count) => sum + of(count), 0) / counts.length).toFixed(3)
  const flaky = counts.filter(({ n, passed }) => passed > 0 && passed < n).length
  const spread = mean(({ n, passed }) => (passed / n) * (1 - passed / n))
  return [
    `${k} answers a case: pass@1 ${mean((count) => estimatePassAtK(count, 1))}, pass@${k} ${mean((count) => estimatePassAtK(count, k))}, pass^${k} ${mean((count) => estimatePassHatK(count, k))}; ${flaky} cases passed sometimes (variance of an answer ${spread})`,
  ]
}

/** Like `formatDelta`, for a sentence. */
function formatChange(difference: number, digits: number): string {
  return formatDelta(difference, digits).replace('=', '±0')
}

function formatDelta(difference: number, digits: number): string {
  const text = difference.toFixed(digits)
  if (Number(text) === 0) return '='
  return difference > 0 ? `+${text}` : text
}

/** Failed cases, each with what was asked and answered. */
function renderAnswers(failed: readonly CaseResult[], renderOutput: RenderOutput | undefined): string[] {
  if (failed.length === 0) return []
  const cases = failed
    .slice(0, ANSWERS.page)
    .flatMap((result) => [
      `- ${result.id}`,
      ...describeFailedCase(result, renderOutput).map(
        ([label, line]) => `  - ${label}: ${formatCode(line, 700)}`,
      ),
    ])
  const more = failed.length > ANSWERS.page ? [`- ${failed.length - ANSWERS.page} more`] : []
  return ['### Answers of failed cases', '', ...cases, ...more, '']
}
