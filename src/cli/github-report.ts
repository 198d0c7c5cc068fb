import type { CheckResult } from '../commands/check/check.ts'
import type { ShownGate } from '../commands/status.ts'
import { appendJobSummary } from '../io/job-summary.ts'
import { print } from '../io/print.ts'

interface ReportTarget {
  json: boolean
  env: NodeJS.ProcessEnv
}

/**
 * On GitHub Actions, annotates each required gate that fails and adds a table to the job's summary; elsewhere
 * does nothing.
 */
export async function reportToGithub(result: CheckResult, { json, env }: ReportTarget): Promise<void> {
  if (env['GITHUB_ACTIONS'] !== 'true') return
  const unmet = result.steps
    .flatMap(({ gates }) => gates)
    .filter(({ required, status }) => required && status === 'failing')
  if (!json) await print(process.stdout, unmet.map(formatAnnotation).join(''))
  if (env['GITHUB_STEP_SUMMARY']) appendJobSummary(env['GITHUB_STEP_SUMMARY'], formatSummary(result))
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function formatAnnotation({ id, found, do: todo }: ShownGate): string {
  const text = `${found}. ${todo}`.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return `::error title=${id}::${text}\n`
}

function formatSummary({ steps, met, required }: CheckResult): string {
  const rows = steps.flatMap(({ title, gates }) =>
    gates.map(({ id, status, found }) => `| ${[title, id, status, found].map(escapeCell).join(' | ')} |`),
  )
  const head = ['| step | gate | status | found |', '|---|---|---|---|']
  return `${[`### ${met} of ${required} gates passed`, '', ...head, ...rows].join('\n')}\n`
}

function escapeCell(text: string): string {
  return text.replace(/[\\|<>`*_[\]]/g, (mark) => `\\${mark}`).replace(/\s+/g, ' ')
}
