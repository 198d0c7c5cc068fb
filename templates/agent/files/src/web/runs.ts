import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InputError } from '#kit/console/errors'
import { HttpError } from '#kit/http/errors'
import type { Llm } from '#kit/llm/model'
import type { Approve } from '../approval/approve.ts'
import { approveMatching } from '../approval/approve.ts'
import { undecidedCalls } from '../approval/undecided.ts'
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
  /** What the toolbox was narrowed down to, for the log. */
  allow: readonly string[] | undefined
  secrets: readonly string[]
  /** Runs that work at the same time. */
  atOnce: number
  /** Gets what nobody foresaw; strangers are not told. */
  report: (run: RunId, error: unknown) => void
}

/** A run that this process works on. */
interface Live {
  log: RunLog
  abort: AbortController
  /** Settles when it stops, or waits. */
  working: Promise<RunState>
  listeners: Set<() => void>
}

/** Runs as resources: started, watched, decided about, cancelled. What a log says is true; memory only knows who is at work. */
export class Runs {
  readonly #options: RunsOptions
  readonly #live = new Map<RunId, Live>()
  /** At work, or about to be. */
  readonly #taken = new Set<RunId>()

  constructor(options: RunsOptions) {
    this.#options = options
  }

  /** Resolves when the run is on the disk; it goes on by itself. 503 when too many do already. */
  async start(goal: string): Promise<RunId> {
    const id = newRunId(new Date())
    const { root, limits, allow } = this.#options
    await this.#work(id, (run) => begin(run, { goal, root, limits, allow }))
    return id
  }

  /** Goes on with a run that a budget, a crash or a restart has stopped. 409 while it is at work. */
  async resume(id: RunId): Promise<void> {
    const state = await this.state(id)
    this.#assertOurs(state)
    if (this.isWorking(id)) throw atWork()
    if (state.stopped?.reason === 'done') throw new HttpError(409, 'done', 'This run is done')
    await this.#work(id, (run) => goOn(run, this.#options.limits))
  }

  /** Newest first. A log that cannot be read is left out, and reported. */
  async list(limit: number): Promise<RunState[]> {
    const { directory, report } = this.#options
    const ids = (await listRuns(directory)).slice(0, limit)
    const states = ids.map((id) =>
      this.state(id).catch((error: unknown) => {
        report(id, error)
        return undefined
      }),
    )
    return (await Promise.all(states)).filter((state) => state !== undefined)
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
    return this.#live.has(id)
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
    this.#assertOurs(state)
    if (this.isWorking(id)) throw atWork()
    const call = undecidedCalls(state, this.#options.toolbox).find((one) => one.approval === approval)
    if (call === undefined || state.stopped)
      throw new HttpError(404, 'no_such_approval', 'No call waits for this decision')
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
    if (live !== undefined) {
      live.abort.abort(new Error('cancelled by a request'))
      await live.working.catch(() => undefined) // reported
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

  /** One at a time for each run, and so many in all: the place is taken before anything is waited for. */
  async #work(id: RunId, first: (run: Run) => Promise<void>): Promise<void> {
    if (this.#taken.has(id)) throw atWork()
    if (this.#taken.size >= this.#options.atOnce)
      throw new HttpError(503, 'busy', 'Too many runs at once', { retryAfterSeconds: 5 })
    this.#taken.add(id)
    try {
      await this.#begin(id, first)
    } catch (error) {
      this.#taken.delete(id)
      throw error
    }
  }

  /** Resolves when `first` is done; the rest goes on by itself. */
  async #begin(id: RunId, first: (run: Run) => Promise<void>): Promise<void> {
    const { llm, toolbox, directory, secrets, report } = this.#options
    const log = await RunLog.open(directory, id, secrets).catch((error: unknown) => {
      // The command line may be at it.
      throw error instanceof InputError ? atWork() : error
    })
    const listeners = new Set<() => void>()
    const tell = () => {
      for (const listener of [...listeners]) listener()
    }
    const abort = new AbortController()
    const run: Run = { id, log, llm, toolbox, approve: this.#approve(), signal: abort.signal, onEvent: tell }
    try {
      await first(run)
    } catch (error) {
      await log.close()
      throw error
    }
    const working = this.#toItsEnd(run)
    this.#live.set(id, { log, abort, working, listeners })
    working
      .catch((error: unknown) => report(id, error))
      .finally(() => {
        this.#live.delete(id)
        this.#taken.delete(id)
        tell()
      })
  }

  async #toItsEnd(run: Run): Promise<RunState> {
    try {
      const state = currentState(run)
      return state.stopped ? state : await runLoop(run)
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

  /** The tools of this server read one folder: a run about another would go on with the wrong files. */
  #assertOurs({ started }: RunState): void {
    if (resolve(started.root) === resolve(this.#options.root)) return
    throw new HttpError(409, 'elsewhere', 'This run is about another folder than this server')
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

function atWork(): HttpError {
  return new HttpError(409, 'at_work', 'This run is at work')
}
