import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder of notes that is gone after the test. */
export function notesFolder(files: Record<string, string>): string {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'notes-')))
  onTestFinished(() => rmSync(base, { recursive: true }))
  const root = join(base, 'notes')
  mkdirSync(root)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

export const SAMPLE = {
  'deploy.md':
    '# Deploying\n\nA push deploys to staging.\n\n## Rolling back\n\nRolling back takes two minutes.',
  'lunch.md': '# Lunch\n\nSoup on Mondays.',
  'team/on-call.md': '# On call\n\nThe rotation changes on Tuesday.',
}
