import { readdir } from 'node:fs/promises'
import type { Approve } from '../approval/approve.ts'
import { approveMatching } from '../approval/approve.ts'
import { undecidedCalls } from '../approval/undecided.ts'
import { HttpError } from '../http/errors.ts'
import type { Llm } from '../llm/model.ts'
import { runLoop } from '../loop.ts'
import type { RunEvent } from '../run/events.ts'
import { listRuns, pathOf, type RunId, RunLog, readRun } from '../run/log.ts'
import { begin, currentState, goOn, newRunId, type Run, record } from '../run/run.ts'
import { type RunState, stateOf } from '../run/state.ts'
import type { Limits } from '../settings.ts'
import type { Toolbox } from '../tools/toolbox.ts'

export interface RunsOptions {
  llm: Llm
  toolbox: Toolbox
  /** The folder of all logs. */
  directory: string
  root: string
  limits: Limits
  /** Patterns of calls that need no request. */
  approve: readonly string[]
  secrets: readonly string[]
  /** Runs that work at the same time. */
  atOnce: number
}

/** A run that this process works on, or that waits for a decision. */
interface Live {
  log: RunLog
  abort: AbortController
  /** Settles when it stops, or waits. */
  working: Promise<RunState>
  isWorking: boolean
  listeners: Set<() => void>
}

/** Runs as resources: started, watched, decided about, cancelled. What a log says is true; memory only knows who is at work. */
export class Runs {
  readonly #options: RunsOptions
  readonly #live = new Map<RunId, Live>()

  constructor(options: RunsOptions) {
    this.#options = options
  }

  /** Resolves when the run is on the disk; it goes on by itself. 503 when too many do already. */
  async start(goal: string): Promise<RunId> {
    const id = newRunId(new Date())
    const { root, limits } = this.#options
    await this.#work(id, (run) => begin(run, { goal, root, limits }))
    return id
  }

  /** Goes on with a run that a budget, a crash or a restart has stopped. 409 while it is at work. */
  async resume(id: RunId): Promise<void> {
    const state = await this.state(id)
    if (this.#live.get(id)?.isWorking) throw new HttpError(409, 'at_work', 'This run is at work')
    if (state.stopped?.reason === 'done') throw new HttpError(409, 'done', 'This run is done')
    await this.#work(id, (run) => goOn(run, this.#options.limits))
  }

  /** Newest first. */
  async list(limit: number): Promise<RunState[]> {
    const ids = (await listRuns(this.#options.directory)).slice(0, limit)
    return Promise.all(ids.map((id) => this.state(id)))
  }

  async state(id: RunId): Promise<RunState> {
    return stateOf(await this.events(id))
  }

  async events(id: RunId): Promise<readonly RunEvent[]> {
    const live = this.#live.get(id)
    if (live) return live.log.events
    await this.#assertThere(id)
    return readRun(this.#options.directory, id)
  }

  isWorking(id: RunId): boolean {
    return this.#live.get(id)?.isWorking ?? false
  }

  /** The events from number `from` on (0 is the first), then those to come, until the run stops or nobody works on it. */
  async *follow(id: RunId, from: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    for (let next = from; ; ) {
      const changed = this.#nextChange(id, signal)
      const events = await this.events(id)
      for (; next < events.length; next++) {
        const event = events[next]
        if (event) yield event
      }
      if (!this.isWorking(id) && next >= (await this.events(id)).length) return
      await changed
      signal.throwIfAborted()
    }
  }

  /** About the call that waits under this very fingerprint. 404 for any other: a decision is not stretched. */
  async decide(id: RunId, approval: string, decision: 'approved' | 'denied'): Promise<void> {
    const state = await this.state(id)
    const call = undecidedCalls(state, this.#options.toolbox).find((one) => one.approval === approval)
    if (call === undefined || state.stopped)
      throw new HttpError(404, 'no_such_approval', 'No call waits for this decision')
    if (this.isWorking(id)) throw new HttpError(409, 'at_work', 'This run is at work')
    await this.#work(id, (run) =>
      record(run, { type: 'decision', call: call.id, approval, decision, by: 'request' }),
    )
  }

  /** What waits for a decision. */
  waiting(state: RunState): { approval: string; tool: string; input: unknown }[] {
    if (state.stopped || this.isWorking(state.started.run)) return []
    return undecidedCalls(state, this.#options.toolbox).map(({ approval, tool, input }) => ({
      approval,
      tool,
      input,
    }))
  }

  async cancel(id: RunId): Promise<void> {
    const state = await this.state(id)
    if (state.stopped) throw new HttpError(409, 'stopped', 'This run has stopped already')
    const live = this.#live.get(id)
    if (live?.isWorking) {
      live.abort.abort(new Error('cancelled by a request'))
      await live.working
      return
    }
    await this.#work(id, (run) =>
      record(run, { type: 'stopped', reason: 'aborted', detail: 'cancelled by a request', ms: 0 }),
    )
  }

  /** Stops what is at work; each run says so in its log, and can be gone on with. */
  async close(): Promise<void> {
    for (const { abort } of this.#live.values()) abort.abort(new Error('the server is shutting down'))
    await Promise.allSettled([...this.#live.values()].map(({ working }) => working))
  }

  async #work(id: RunId, first: (run: Run) => Promise<void>): Promise<void> {
    const { llm, toolbox, directory, secrets, atOnce } = this.#options
    if ([...this.#live.values()].filter((live) => live.isWorking).length >= atOnce)
      throw new HttpError(503, 'busy', 'Too many runs at once', { retryAfterSeconds: 5 })
    const log = await RunLog.open(directory, id, secrets)
    const listeners = this.#live.get(id)?.listeners ?? new Set()
    const abort = new AbortController()
    const tell = () => {
      for (const listener of [...listeners]) listener()
    }
    const run: Run = { id, log, llm, toolbox, approve: this.#approve(), signal: abort.signal, onEvent: tell }
    let begun = () => {}
    let failed: (error: unknown) => void = () => {}
    const beginning = new Promise<void>((resolve, reject) => {
      begun = resolve
      failed = reject
    })
    const working = this.#toItsEnd(run, first, begun)
    const live: Live = { log, abort, working, isWorking: true, listeners }
    this.#live.set(id, live)
    working.catch(failed).finally(() => {
      live.isWorking = false
      this.#live.delete(id)
      tell()
    })
    await beginning
  }

  async #toItsEnd(run: Run, first: (run: Run) => Promise<void>, begun: () => void): Promise<RunState> {
    try {
      await first(run)
      begun()
      return currentState(run).stopped ? currentState(run) : await runLoop(run)
    } finally {
      await run.log.close()
    }
  }

  #approve(): Approve {
    return approveMatching(this.#options.approve, async () => undefined)
  }

  #nextChange(id: RunId, signal: AbortSignal): Promise<void> {
    const live = this.#live.get(id)
    if (live === undefined) return Promise.resolve()
    return new Promise((resolve) => {
      const once = () => {
        live.listeners.delete(once)
        signal.removeEventListener('abort', once)
        resolve()
      }
      live.listeners.add(once)
      signal.addEventListener('abort', once)
    })
  }

  async #assertThere(id: RunId): Promise<void> {
    const { directory } = this.#options
    const notFound = new HttpError(404, 'no_such_run', 'There is no such run')
    const names = await readdir(directory).catch(() => [])
    try {
      if (names.some((name) => pathOf(directory, id).endsWith(name))) return
    } catch {
      throw notFound
    }
    throw notFound
  }
}
