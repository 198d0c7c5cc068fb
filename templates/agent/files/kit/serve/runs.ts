import { resolve } from 'node:path'
import { InputError } from '#kit/console/errors'
import { HttpError } from '#kit/http/errors'
import { makeRunId, type RunId } from '#kit/runs/log'
import type { ShownRun } from '#kit/runs/run'
import type { LoggedEvent, OpenRun, RunView, ServedAgent, ServedCall } from './agent.ts'

export interface RunsOptions {
  agent: ServedAgent
  /** Runs that work at the same time. */
  atOnce: number
  /** Gets unexpected errors; clients see no details of them. */
  report: (run: RunId, error: unknown) => void
}

/** A run that this process works on. */
interface LiveRun {
  run: OpenRun
  abort: AbortController
  /** Settles when the run stops, or waits. */
  working: Promise<unknown>
  listeners: Set<() => void>
}

/**
 * Runs as resources: started, watched, decided about, cancelled. The logs hold the truth; memory holds only
 * which runs are at work.
 */
export class Runs {
  readonly #options: RunsOptions
  readonly #live = new Map<RunId, LiveRun>()
  /** At work, or about to be. */
  readonly #taken = new Set<RunId>()

  constructor(options: RunsOptions) {
    this.#options = options
  }

  /** Resolves once the run is on the disk; its work continues. 503 while too many runs are at work. */
  async start(goal: string): Promise<RunId> {
    const id = makeRunId(new Date())
    await this.#work(id, (run) => run.start(goal))
    return id
  }

  /** Continues a run that a budget, a crash or a restart has stopped. 409 while it is at work. */
  async resume(id: RunId): Promise<void> {
    const { run } = await this.view(id)
    this.#assertSameRoot(run)
    if (this.isWorking(id)) throw createBusyError()
    if (run.stopped?.reason === 'done') throw new HttpError(409, 'done', 'This run is done')
    await this.#work(id, (open) => open.resume())
  }

  /** Newest first. A log that can't be read is left out, and reported. */
  async list(limit: number): Promise<RunView[]> {
    const { agent, report } = this.#options
    const ids = (await agent.list()).slice(0, limit)
    const views = ids.map((id) =>
      this.view(id).catch((error: unknown) => {
        report(id, error)
        return undefined
      }),
    )
    return (await Promise.all(views)).filter((view) => view !== undefined)
  }

  /** 404 for a run that does not exist. */
  async view(id: RunId): Promise<RunView> {
    const live = this.#live.get(id)
    if (live) return live.run.view()
    const { agent } = this.#options
    if (!(await agent.list()).includes(id)) throw new HttpError(404, 'no_such_run', 'There is no such run')
    return agent.read(id)
  }

  isWorking(id: RunId): boolean {
    return this.#live.has(id)
  }

  /**
   * The events from number `from` on (0 is the first), then those to come, until the run stops or no work is
   * left on it.
   */
  async *follow(id: RunId, from: number, signal: AbortSignal): AsyncGenerator<LoggedEvent> {
    for (let next = from; ; ) {
      const changed = this.#waitForChange(id, signal)
      const { events } = await this.view(id)
      for (; next < events.length; next++) {
        const event = events[next]
        if (event) yield event
      }
      if (!this.isWorking(id) && next >= (await this.view(id)).events.length) return
      await changed
      signal.throwIfAborted()
    }
  }

  /**
   * Decides about the call that waits under exactly this fingerprint. 404 for any other: a decision covers
   * one call.
   */
  async decide(id: RunId, approval: string, decision: 'approved' | 'denied'): Promise<void> {
    const { run, undecided } = await this.view(id)
    this.#assertSameRoot(run)
    if (this.isWorking(id)) throw createBusyError()
    const call = undecided.find((one) => one.approval === approval)
    if (call === undefined || run.stopped)
      throw new HttpError(404, 'no_such_approval', 'No call waits for this decision')
    await this.#work(id, (open) => open.decide(call.id, approval, decision))
  }

  /** The calls that wait for a decision. */
  listWaiting({ run, undecided }: RunView): readonly ServedCall[] {
    return run.stopped || this.isWorking(run.started.run) ? [] : undecided
  }

  async cancel(id: RunId): Promise<void> {
    const { run } = await this.view(id)
    if (run.stopped) throw new HttpError(409, 'stopped', 'This run has stopped already')
    const live = this.#live.get(id)
    if (live === undefined) return this.#work(id, (open) => open.cancel('cancelled by a request'))
    live.abort.abort(new Error('cancelled by a request'))
    await live.working.catch(() => undefined) // reported already
  }

  /** Stops every run at work; each log says so, and each run can be resumed. */
  async close(): Promise<void> {
    for (const { abort } of this.#live.values()) abort.abort(new Error('the server is shutting down'))
    await Promise.allSettled([...this.#live.values()].map(({ working }) => working))
  }

  /**
   * One request at a time for each run, and a limit for all: the place is taken before anything is awaited.
   */
  async #work(id: RunId, first: (run: OpenRun) => Promise<void>): Promise<void> {
    if (this.#taken.has(id)) throw createBusyError()
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

  /** Resolves when `first` is done; the work continues. */
  async #begin(id: RunId, first: (run: OpenRun) => Promise<void>): Promise<void> {
    const { agent, report } = this.#options
    const listeners = new Set<() => void>()
    const notify = () => {
      for (const listener of [...listeners]) listener()
    }
    const abort = new AbortController()
    const opened = agent.open(id, { signal: abort.signal, onEvent: notify })
    const run = await opened.catch((error: unknown) => {
      // A command line may have the run open.
      throw error instanceof InputError ? createBusyError() : error
    })
    try {
      await first(run)
    } catch (error) {
      await run.close()
      throw error
    }
    const working = finishRun(run)
    this.#live.set(id, { run, abort, working, listeners })
    working
      .catch((error: unknown) => report(id, error))
      .finally(() => {
        this.#live.delete(id)
        this.#taken.delete(id)
        notify()
      })
  }

  #waitForChange(id: RunId, signal: AbortSignal): Promise<void> {
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

  /** The tools of this server read one folder: a run about another one would continue on the wrong files. */
  #assertSameRoot({ started }: ShownRun): void {
    if (resolve(started.root) === resolve(this.#options.agent.root)) return
    throw new HttpError(409, 'elsewhere', 'This run is about another folder than this server')
  }
}

async function finishRun(run: OpenRun): Promise<void> {
  try {
    if (!run.view().run.stopped) await run.work()
  } finally {
    await run.close()
  }
}

function createBusyError(): HttpError {
  return new HttpError(409, 'at_work', 'This run is at work')
}
