import { type Run, readState } from './run.ts'

/**
 * Measures the work of one step, and aborts it once the run's time limit is reached. Nothing counts before
 * `start`.
 */
export class StepClock {
  readonly #run: Run
  #startedAt: number | undefined
  #timeLeft: AbortSignal | undefined

  constructor(run: Run) {
    this.#run = run
  }

  /** Returns the signal for the step: aborted with the run's own signal, or when no time is left. */
  start(): AbortSignal {
    const { limits, workMs } = readState(this.#run)
    this.#startedAt = performance.now()
    this.#timeLeft = AbortSignal.timeout(Math.ceil(limits.timeMs - workMs))
    return AbortSignal.any([this.#run.signal, this.#timeLeft])
  }

  get ms(): number {
    return this.#startedAt === undefined ? 0 : Math.ceil(performance.now() - this.#startedAt)
  }

  get isLate(): boolean {
    return this.#timeLeft?.aborted === true
  }
}
