import type { Llm } from '#kit/llm/model'
import { type RunId, type RunLog, readRun } from '#kit/runs/log'
import type { Approve } from '../approval/approve.ts'
import type { Limits } from '../settings.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { type RunEvent, runEvent } from './events.ts'
import { deriveState, type RunState } from './state.ts'

/** An event without its time: `record` adds it. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never

/**
 * One run at work: the model that thinks, the tools it may use, the person who decides, and the log of it
 * all.
 */
export interface Run {
  id: RunId
  log: RunLog<RunEvent>
  llm: Llm
  toolbox: Toolbox
  approve: Approve
  signal: AbortSignal
  /** Called with each event after it is on the disk. */
  onEvent: (event: RunEvent) => void
}

export function readState({ log }: Pick<Run, 'log'>): RunState {
  return deriveState(log.events)
}

/** The state of a run that this process does not have open. Throws `InputError` when there is no such run. */
export async function readStateFrom(directory: string, id: RunId): Promise<RunState> {
  return deriveState(await readRun(directory, id, runEvent))
}

/** Writes an event to the log, then reports it. */
export async function record({ log, onEvent }: Run, event: NewEvent): Promise<void> {
  onEvent(await log.append({ ...event, at: new Date().toISOString() }))
}

export interface RunStart {
  goal: string
  /** The folder or file that the run is about. */
  root: string
  limits: Limits
  allow?: readonly string[] | undefined
}

export async function startRun(run: Run, { goal, root, limits, allow }: RunStart): Promise<void> {
  const { provider, modelId: model } = run.llm
  const tools = run.toolbox.tools.map(({ name, effect }) => ({ name, effect }))
  await record(run, {
    ...{ type: 'started', schema: 'agent-run.v1', run: run.id },
    ...{ goal, root, provider, model, limits: { ...limits }, tools },
    ...(allow && { allow: [...allow] }),
  })
}

export async function resumeRun(run: Run, limits: Limits): Promise<void> {
  const { provider, modelId: model } = run.llm
  await record(run, { type: 'resumed', provider, model, limits: { ...limits } })
}
