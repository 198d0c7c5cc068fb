import { randomBytes } from 'node:crypto'
import type { Llm } from '#kit/llm/model'
import type { Approve } from '../approval/approve.ts'
import type { Limits } from '../settings.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import type { RunEvent } from './events.ts'
import type { RunId, RunLog } from './log.ts'
import { type RunState, stateOf } from './state.ts'

/** An event without what every event gets. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never

/** One piece of work on its way: who thinks, what may be done, who decides, and the log of it. */
export interface Run {
  id: RunId
  log: RunLog
  llm: Llm
  toolbox: Toolbox
  approve: Approve
  signal: AbortSignal
  /** Is told what has happened, after it was written down. */
  onEvent: (event: RunEvent) => void
}

export function currentState({ log }: Run): RunState {
  return stateOf(log.events)
}

/** Writes an event down, then tells about it. */
export async function record({ log, onEvent }: Run, event: NewEvent): Promise<void> {
  onEvent(await log.append({ ...event, at: new Date().toISOString() }))
}

/** By time, so that a list of them is in order. */
export function newRunId(now: Date): RunId {
  const [date = '', time = ''] = now.toISOString().split('T')
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(3).toString('hex')}`
}

export interface Beginning {
  goal: string
  root: string
  limits: Limits
  allow?: readonly string[] | undefined
}

export async function begin(run: Run, { goal, root, limits, allow }: Beginning): Promise<void> {
  const { provider, modelId: model } = run.llm
  const tools = run.toolbox.tools.map(({ name, effect }) => ({ name, effect }))
  const about = {
    goal,
    root,
    provider,
    model,
    limits: { ...limits },
    tools,
    ...(allow && { allow: [...allow] }),
  }
  await record(run, { type: 'started', schema: 'agent-run.v1', run: run.id, ...about })
}

export async function goOn(run: Run, limits: Limits): Promise<void> {
  const { provider, modelId: model } = run.llm
  await record(run, { type: 'resumed', provider, model, limits: { ...limits } })
}
