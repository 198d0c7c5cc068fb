import { type Env, loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { type Llm, openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'

export interface ModelsOptions {
  directory: string
  env: Env
  /** US dollars for all models together. */
  maxCostUsd: number | undefined
  tasks: HeuristicTasks
  announce(line: string): void
}

/** The models that one run uses, one after another, under one cost limit. */
export class Models {
  readonly #opened: Llm[] = []
  readonly #env: Env
  readonly #options: ModelsOptions

  constructor(options: ModelsOptions) {
    this.#env = loadEnv(options.directory, options.env)
    this.#options = options
  }

  /**
   * The model that the environment selects, or another one of the same provider. Throws `UsageError`,
   * `ConfigError`.
   */
  async open(modelId?: string): Promise<Llm> {
    const [current] = this.#opened
    if (modelId !== undefined && current?.deterministic)
      throw new UsageError('The heuristic provider has no other model', '.env.example says how to use one.')
    const { tasks, announce, maxCostUsd } = this.#options
    const llm = await openLlm({
      env: modelId === undefined ? this.#env : { ...this.#env, AI_MODEL: modelId },
      ...{ tasks, announce },
      ...(maxCostUsd !== undefined && { maxCostUsd: maxCostUsd - this.#spentUsd() }),
    })
    this.#opened.push(llm)
    return llm
  }

  /** Two lines for each model that was called: tokens, cost and times. */
  formatUsage(): string[] {
    return this.#opened
      .filter(({ meter }) => meter.calls.length > 0)
      .map(({ meter }) => formatUsage(meter.total()))
  }

  #spentUsd(): number {
    return this.#opened.reduce((sum, { meter }) => sum + (meter.total().costUsd ?? 0), 0)
  }
}
