import type { RunId } from '#kit/runs/log'
import type { ShownRun } from '#kit/runs/run'

/** One line of a run's log. */
export interface LoggedEvent {
  type: string
}

/** A call that waits for a decision. */
export interface ServedCall {
  id: string
  tool: string
  input: unknown
  /** The fingerprint that a decision has to name. */
  approval: string
}

/** A run as its log tells it. */
export interface RunView {
  events: readonly LoggedEvent[]
  run: ShownRun
  undecided: readonly ServedCall[]
}

/** A run whose log this process alone writes. */
export interface OpenRun {
  view(): RunView
  start(goal: string): Promise<void>
  resume(): Promise<void>
  decide(call: string, approval: string, decision: 'approved' | 'denied'): Promise<void>
  cancel(detail: string): Promise<void>
  /** Works until the run stops, or waits for a decision. */
  work(): Promise<unknown>
  close(): Promise<void>
}

/** The agent that is served: `src/serve.ts` makes one. */
export interface ServedAgent {
  /** The folder or file that its tools read. */
  root: string
  /** Names of all runs, newest first. */
  list(): Promise<RunId[]>
  /** Throws `InputError` for a run that does not exist or can't be read. */
  read(id: RunId): Promise<RunView>
  /** Throws `InputError` while another process has the run open. `onEvent` is called after each event. */
  open(id: RunId, hooks: { signal: AbortSignal; onEvent: () => void }): Promise<OpenRun>
}
