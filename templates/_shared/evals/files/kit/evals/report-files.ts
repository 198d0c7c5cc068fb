import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '#kit/console/replace-file'
import { type EvalReport, evalReport } from './report.ts'

/** Writes `reports/eval-<name>.json` and `.md`. Throws `ZodError` if the report doesn't match its schema. */
export async function writeReport(root: string, report: EvalReport, markdown: string): Promise<void> {
  const { json, page } = toReportPaths(root, report.name)
  await replaceFile(page, markdown)
  await replaceFile(json, `${JSON.stringify(evalReport.parse(report), null, 2)}\n`)
}

/**
 * Removes the suite's earlier report, so that it can't be taken for that of a newer run. A report of a
 * deterministic provider becomes `eval-<name>.heuristic.json`: a model's run is no reason to lose it.
 */
export async function removeReport(root: string, name: string): Promise<void> {
  const { json, page, kept } = toReportPaths(root, name)
  if (await isDeterministic(json)) await rename(json, kept)
  for (const path of [json, page]) await rm(path, { force: true })
}

/** Removes the report that an earlier run of a model has kept. */
export async function removeKeptReport(root: string, name: string): Promise<void> {
  await rm(toReportPaths(root, name).kept, { force: true })
}

async function isDeterministic(path: string): Promise<boolean> {
  try {
    const report = evalReport.safeParse(JSON.parse(await readFile(path, 'utf8')))
    return report.data?.provider.deterministic === true
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing || error instanceof SyntaxError) return false
    throw error
  }
}

function toReportPaths(root: string, name: string) {
  const path = join(root, 'reports', `eval-${name}`)
  return { json: `${path}.json`, page: `${path}.md`, kept: `${path}.heuristic.json` }
}
