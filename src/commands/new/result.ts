import type { Choices } from '../../core/catalogue.ts'
import type { GitOutcome } from '../../io/git.ts'

/** Where the lock file comes from. `todo`: npm's is there, and the manager's own is still to be made from it. */
export interface LockOutcome {
  status: 'shipped' | 'imported' | 'todo'
  file: string
  reason: string | null
}

export interface NewResult {
  template: string
  name: string
  /** As the user would type it: relative when below or next to the current directory. */
  directory: string
  options: Choices
  /** Whether to begin the first exercise. */
  build: boolean
  /** `npm`, or with a version, such as `pnpm@12.4.2`. */
  packageManager: string
  /** What `--dry-run` lists: size in bytes, and the layers and template that the content comes from. */
  files: { path: string; size: number; from: string[] }[]
  dryRun: boolean
  replaced: string[]
  backup: string | null
  lock: LockOutcome
  git: GitOutcome
  install: 'done' | 'skipped' | 'failed' | 'interrupted'
  checks: { step: string; ok: boolean; seconds: number }[]
  /** Arguments that repeat the run without questions. */
  repeat: string
  /** Commands to paste, in order. */
  next: string[]
}
