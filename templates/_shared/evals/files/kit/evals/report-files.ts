import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '#kit/console/replace-file'
import { type EvalReport, evalReport } from './report.ts'

/** Writes `reports/eval-<name>.json` and `.md`. Throws `ZodError` if the report doesn't match its schema. */
export async function writeReport(root: string, report: EvalReport, markdown: string): Promise<void> {
  const [json, page] = reportPaths(root, report.name)
  await replaceFile(page, markdown)
  await replaceFile(json, `${JSON.stringify(evalReport.parse(report), null, 2)}\n`)
}

/** Removes the suite's earlier report, so that it can't be taken for that of a newer run. */
export async function removeReport(root: string, name: string): Promise<void> {
  for (const path of reportPaths(root, name)) await rm(path, { force: true })
}

function reportPaths(root: string, name: string): [json: string, page: string] {
  const path = join(root, 'reports', `eval-${name}`)
  return [`${path}.json`, `${path}.md`]
}
