import type { GitOutcome } from '../io/git.ts'
import type { Answers } from './new/answers.ts'

/** What happens while a command runs, in order, for the caller that shows progress. */
export type Event =
  | { kind: 'decided'; answers: Answers; files: number }
  | { kind: 'written'; directory: string; files: number; backup: string | null }
  | { kind: 'git'; outcome: GitOutcome }
  | { kind: 'installing' }
  | { kind: 'install-line'; line: string }
  | { kind: 'installed'; ok: boolean }
  | { kind: 'checking'; step: string }
  | { kind: 'checked'; step: string; ok: boolean; seconds: number; output: string }
  | { kind: 'gate'; id: string }
  | { kind: 'testing'; what: string }
  | { kind: 'link'; url: string }
