import type { Baseline } from './baseline.ts'
import { toPrintableLine } from './line.ts'
import type { CaseResult } from './report.ts'

/** Turns an output into what a person reads, where the output is data. */
export type RenderOutput = (output: string) => string

/** More than this of an answer hides the others. */
const LONGEST = 600

/** Failed cases with an answer: first those that the baseline does not know as failures. */
export function listFailed(cases: readonly CaseResult[], baseline: Baseline | null): CaseResult[] {
  const known = new Set(baseline?.cases.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id))
  const failed = cases.filter(
    ({ outcome, output }) => outcome === 'fail' || (outcome === 'error' && output !== ''),
  )
  return [...failed.filter(({ id }) => !known.has(id)), ...failed.filter(({ id }) => known.has(id))]
}

/** What was asked, answered and expected, and why it failed: a label and one line for each. */
export function describeFailedCase(
  { input, output, expected, grades, error }: CaseResult,
  renderOutput: RenderOutput = (text) => text,
): [label: string, line: string][] {
  const failed = grades.filter(({ pass }) => !pass).map(({ grader, reason }) => `${grader}: ${reason}`)
  const rows: [string, string | undefined][] = [
    ['asked', input],
    ['answer', output === '' ? '(empty)' : renderOutput(output)],
    ['expected', expected],
    ['why', error ?? failed.join('; ')],
  ]
  return rows.flatMap(([label, text]) =>
    text === undefined || text === '' ? [] : [[label, toPrintableLine(text, LONGEST)] as [string, string]],
  )
}

/** For a terminal: the first `most` failed cases in full; `elsewhere` says where the others are. */
export function renderFailures(
  failed: readonly CaseResult[],
  {
    most,
    elsewhere,
    renderOutput,
  }: { most: number; elsewhere: string; renderOutput?: RenderOutput | undefined },
): string[] {
  const shown = failed
    .slice(0, most)
    .flatMap((result) => [
      `${result.id}:`,
      ...describeFailedCase(result, renderOutput).map(([label, line]) => `  ${label.padEnd(8)}  ${line}`),
    ])
  const more = failed.length > most ? [`${failed.length - most} more: ${elsewhere}`] : []
  return shown.length === 0 ? [] : ['', ...shown, ...more]
}
