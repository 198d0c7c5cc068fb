import type { Choices } from '../../core/catalogue.ts'
import type { GitOutcome } from '../../io/git.ts'

export interface NewResult {
  template: string
  name: string
  /** As the user would type it: relative when below or next to the current directory. */
  directory: string
  options: Choices
  /** Whether to begin the first exercise. */
  build: boolean
  /** What `--dry-run` lists: size in bytes, and the layers and template that the content comes from. */
  files: { path: string; size: number; from: string[] }[]
  dryRun: boolean
  replaced: string[]
  backup: string | null
  git: GitOutcome
  install: 'done' | 'skipped' | 'failed' | 'interrupted'
  checks: { step: string; ok: boolean; seconds: number }[]
  /** Arguments that repeat the run without questions. */
  repeat: string
  /** Commands to paste, in order. */
  next: string[]
}
