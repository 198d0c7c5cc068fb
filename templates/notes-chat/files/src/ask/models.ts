import { type Env, loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import { type Llm, openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { heuristicTasks } from '../chat.ts'

/** The models of one run, one after another, on one bill. */
export class Models {
  readonly #opened: Llm[] = []
  readonly #env: Env
  readonly #maxCostUsd: number | undefined
  readonly #announce: (line: string) => void

  constructor(options: {
    directory: string
    env: Env
    maxCostUsd: number | undefined
    announce(line: string): void
  }) {
    this.#env = loadEnv(options.directory, options.env)
    this.#maxCostUsd = options.maxCostUsd
    this.#announce = options.announce
  }

  /** The model that the environment asks for, or another one of the same provider. */
  async open(modelId?: string): Promise<Llm> {
    const [current] = this.#opened
    if (modelId !== undefined && current?.deterministic)
      throw new UsageError('The heuristic provider has no other model', '.env.example says how to use one.')
    const llm = await openLlm({
      env: modelId === undefined ? this.#env : { ...this.#env, AI_MODEL: modelId },
      tasks: heuristicTasks,
      announce: this.#announce,
      ...(this.#maxCostUsd !== undefined && { maxCostUsd: this.#maxCostUsd - this.#spentUsd() }),
    })
    this.#opened.push(llm)
    return llm
  }

  /** What each of them used. */
  usage(): string[] {
    return this.#opened
      .filter(({ meter }) => meter.calls.length > 0)
      .map(({ meter }) => formatUsage(meter.total()))
  }

  #spentUsd(): number {
    return this.#opened.reduce((sum, { meter }) => sum + (meter.total().costUsd ?? 0), 0)
  }
}
