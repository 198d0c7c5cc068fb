import type { CaseResult, EvalReport } from '#kit/evals/report'

/**
 * The report as JUnit XML, which CI services show as tests. A case that could not be answered or graded is an
 * error, not a failure.
 */
export function renderJunit({ name, cases, summary, startedAt, durationMs }: EvalReport): string {
  const totals = `tests="${summary.total}" failures="${summary.failed}" errors="${summary.errors}" time="${formatSeconds(durationMs)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${escapeXml(name)}" ${totals} timestamp="${escapeXml(startedAt.replace(/\.\d+Z$/, ''))}">`,
    ...cases.map((result) => renderTestcase(name, result)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function renderTestcase(suite: string, result: CaseResult): string {
  const head = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(result.id)}" time="${formatSeconds(result.latencyMs)}"`
  const failed = result.grades.filter(({ pass }) => !pass).map(({ grader, reason }) => `${grader}: ${reason}`)
  switch (result.outcome) {
    case 'pass':
      return `${head}/>`
    case 'fail':
      return `${head}>\n${renderProblem('failure', failed.join('; '), result.output)}\n    </testcase>`
    case 'error':
      return `${head}>\n${renderProblem('error', result.error ?? 'unknown', result.output)}\n    </testcase>`
    default:
      return result.outcome satisfies never
  }
}

function renderProblem(tag: 'failure' | 'error', message: string, output: string): string {
  return `      <${tag} message="${escapeXml(message.slice(0, 500))}">${escapeXml(output.slice(0, 10_000))}</${tag}>`
}

function formatSeconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
/** What XML 1.0 allows; a parser refuses the whole file for one other character. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

function escapeXml(text: string): string {
  return text
    .replaceAll(FORBIDDEN, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`)
}
