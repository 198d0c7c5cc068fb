import type { Env } from '#kit/console/env'
import type { Io } from '#kit/console/process'
import type { Llm } from '#kit/llm/model'
import { listRuns, RunLog, readRun } from '#kit/runs/log'
import type { RunView, ServedAgent } from '#kit/serve/agent'
import { serveRuns } from '#kit/serve/serve'
import { runAgent } from './agent.ts'
import { approveMatching } from './approval/approve.ts'
import { listUndecidedCalls } from './approval/undecided.ts'
import { type RunEvent, runEvent } from './run/events.ts'
import { type Run, record, resumeRun, startRun } from './run/run.ts'
import { deriveState } from './run/state.ts'
import type { Limits } from './settings.ts'
import type { Toolbox } from './tools/toolbox.ts'

const RUNS_AT_ONCE = 4

export interface ServeOptions {
  llm: Llm
  toolbox: Toolbox
  /** The folder of all logs. */
  directory: string
  root: string
  limits: Limits
  /** Patterns of calls that need no request. */
  approve: readonly string[]
  allow: readonly string[] | undefined
  /** Never written to a log. */
  secrets: readonly string[]
}

/** Serves runs over HTTP until the signal of `io`. A run at work then stops, and can be resumed. */
export function serveAgent(
  options: ServeOptions,
  { job, io, env }: { job: string; io: Io; env: Env },
): Promise<void> {
  return serveRuns(createServedAgent(options), { job, io, env, atOnce: RUNS_AT_ONCE })
}

/** The agent as the routes of `kit/serve/` drive it. */
export function createServedAgent(options: ServeOptions): ServedAgent {
  const { llm, toolbox, directory, root, limits, allow, secrets } = options
  const view = (events: readonly RunEvent[]): RunView => {
    const run = deriveState(events)
    return { events, run, undecided: listUndecidedCalls(run, toolbox) }
  }
  // Without a decision the run waits: a request brings one later.
  const approve = approveMatching(options.approve, async () => undefined)
  return {
    root,
    list: () => listRuns(directory),
    read: async (id) => view(await readRun(directory, id, runEvent)),
    open: async (id, { signal, onEvent }) => {
      const log = await RunLog.open({ directory, run: id, schema: runEvent, secrets })
      const run: Run = { id, log, llm, toolbox, approve, signal, onEvent }
      return {
        view: () => view(log.events),
        start: (goal) => startRun(run, { goal, root, limits, allow }),
        resume: () => resumeRun(run, limits),
        decide: (call, approval, decision) =>
          record(run, { type: 'decision', call, approval, decision, by: 'request' }),
        cancel: (detail) => record(run, { type: 'stopped', reason: 'aborted', detail, ms: 0 }),
        work: () => runAgent(run),
        close: () => log.close(),
      }
    },
  }
}
