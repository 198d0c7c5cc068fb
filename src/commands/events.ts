import type { GitOutcome } from '../io/git.ts'
import type { Answers } from './new/answers.ts'
import type { LockOutcome } from './new/result.ts'

/** What happens while a command runs, in order, for the caller that shows progress. */
export type Event =
  | { kind: 'decided'; answers: Answers; files: number }
  /** The project is inside a workspace; `option` lets it install by itself, empty where the manager has none. */
  | { kind: 'workspace'; root: string; option: string }
  | { kind: 'written'; directory: string; files: number; backup: string | null }
  | { kind: 'git'; outcome: GitOutcome }
  | { kind: 'importing'; lock: string; command: string }
  | { kind: 'imported'; lock: LockOutcome }
  | { kind: 'installing'; command: string }
  | { kind: 'install-line'; line: string }
  | { kind: 'installed'; ok: boolean }
  | { kind: 'checking'; command: string }
  | { kind: 'checked'; command: string; ok: boolean; seconds: number; output: string }
  | { kind: 'gate'; id: string }
  | { kind: 'testing'; what: string }
  | { kind: 'tested' }
  | { kind: 'link'; url: string }
