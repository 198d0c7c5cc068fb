import { join } from 'node:path'
import { replaceFile } from '#kit/console/replace-file'
import type { Baseline } from '#kit/evals/baseline'
import { readHistory } from '#kit/evals/history'
import type { EvalReport } from '#kit/evals/report'
import { renderJunit } from './junit.ts'
import { renderHtml } from './page.ts'

/** Writes `reports/eval-<name>.html` and `.junit.xml`. `baseline` is what the deltas are against. */
export async function publishReport(
  root: string,
  report: EvalReport,
  baseline: Baseline | null,
): Promise<void> {
  const path = join(root, 'reports', `eval-${report.name}`)
  await replaceFile(`${path}.html`, renderHtml(report, baseline, await readHistory(root)))
  await replaceFile(`${path}.junit.xml`, renderJunit(report))
}
