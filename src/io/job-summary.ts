import { appendFileSync } from 'node:fs'

/** Appends to the file that `GITHUB_STEP_SUMMARY` names: Markdown, shown on the page of the run. */
export function appendJobSummary(path: string, markdown: string): void {
  appendFileSync(path, markdown)
}
