import type { CaseResult, EvalReport } from '#kit/evals/report'

/** The report as JUnit XML, which CI services show as tests. A case that could not be answered or graded is an error, not a failure. */
export function renderJunit({ name, cases, summary, startedAt, durationMs }: EvalReport): string {
  const totals = `tests="${summary.total}" failures="${summary.failed}" errors="${summary.errors}" time="${seconds(durationMs)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${xml(name)}" ${totals} timestamp="${xml(startedAt.replace(/\.\d+Z$/, ''))}">`,
    ...cases.map((result) => testcase(name, result)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testcase(suite: string, result: CaseResult): string {
  const head = `    <testcase classname="${xml(suite)}" name="${xml(result.id)}" time="${seconds(result.latencyMs)}"`
  const failed = result.grades.filter(({ pass }) => !pass).map(({ grader, reason }) => `${grader}: ${reason}`)
  switch (result.outcome) {
    case 'pass':
      return `${head}/>`
    case 'fail':
      return `${head}>\n${problem('failure', failed.join('; '), result.output)}\n    </testcase>`
    case 'error':
      return `${head}>\n${problem('error', result.error ?? 'unknown', result.output)}\n    </testcase>`
    default:
      return result.outcome satisfies never
  }
}

function problem(tag: 'failure' | 'error', message: string, output: string): string {
  return `      <${tag} message="${xml(message.slice(0, 500))}">${xml(output.slice(0, 10_000))}</${tag}>`
}

function seconds(ms: number): string {
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

function xml(text: string): string {
  return text
    .replaceAll(FORBIDDEN, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`)
}
