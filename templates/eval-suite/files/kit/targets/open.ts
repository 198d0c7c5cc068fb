import { setTimeout as wait } from 'node:timers/promises'
import { runWithDeadline } from '#kit/console/deadline'
import type { Env } from '#kit/console/env'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'
import { createCommandTarget } from './command.ts'
import { openFunctionTarget } from './function.ts'
import { createHttpTarget } from './http.ts'
import { startProjectTarget } from './project.ts'
import type { SpecOf, TargetSpec } from './spec.ts'
import { BusyError, type Target } from './target.ts'

export interface World {
  root: string
  /** The folder that this code runs from: `dist`, or the sources in tests. */
  built: string
  env: Env
  signal: AbortSignal
  note(line: string): void
  /** Opens the target that asks a model: the one kind that `src/` brings itself. */
  openPrompt(spec: SpecOf<'prompt'>, world: Pick<World, 'root' | 'env'>): Promise<Target>
}

export function openTarget(spec: TargetSpec, world: World): Promise<Target> {
  switch (spec.type) {
    case 'prompt':
      return world.openPrompt(spec, world)
    case 'http':
      return Promise.resolve(createHttpTarget({ ...spec, url: spec.url }, world.env))
    case 'project':
      return startProjectTarget(spec, world)
    case 'command':
      return Promise.resolve(createCommandTarget(spec, world.root))
    case 'function':
      return openFunctionTarget(spec, world)
    default:
      return spec satisfies never
  }
}

/** The usage of a target that does not report it: an unknown cost, which is not zero. */
const UNKNOWN = { inputTokens: 0, outputTokens: 0, costUsd: null }

/** Measures the latency of targets that do not report it. Waiting for a free slot does not count. */
export function measureLatency(target: Target): Target {
  return {
    ...target,
    async answer(asked, signal) {
      const startedAt = performance.now()
      const answered = await target.answer(asked, signal)
      return { usage: UNKNOWN, latencyMs: Math.round(performance.now() - startedAt), ...answered }
    },
  }
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/**
 * Retries after a `BusyError`, with growing waits or the wait that the target asks for. Other errors are not
 * retried.
 */
export function addRetries(target: Target, retries: number): Target {
  const persistently = async <T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    for (let tries = 0; ; tries++) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof BusyError) || tries >= retries) throw error
        const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries) * (0.5 + Math.random() / 2)
        await wait(error.retryAfterMs ?? backoff, undefined, { signal })
      }
    }
  }
  return {
    ...target,
    identity: (signal) => persistently(() => target.identity(signal), signal),
    answer: (asked, signal) => persistently(() => target.answer(asked, signal), signal),
  }
}

/**
 * Requires the target's identity in the time of one answer. Throws `CannotRunError` when it stays unknown.
 */
export function requireIdentity(target: Target, { timeoutSeconds }: { timeoutSeconds: number }): Target {
  return {
    ...target,
    async identity(signal) {
      const limit = {
        ms: timeoutSeconds * 1000,
        late: () => new Error(`no answer after ${timeoutSeconds} s`),
      }
      try {
        return await runWithDeadline(signal, limit, (scope) => target.identity(scope.signal))
      } catch (error) {
        signal.throwIfAborted()
        throw new CannotRunError(
          `the target does not say who answers: ${toErrorMessage(error)}`,
          'Ask it a question by hand; its address and timeoutSeconds are in evals/targets.json',
          4,
          { cause: error },
        )
      }
    },
  }
}

/** Limits how many answers start per minute, evenly spread. */
export function limitTargetRate(target: Target, perMinute: number): Target {
  const gapMs = 60_000 / perMinute
  let next = 0
  return {
    ...target,
    async answer(asked, signal) {
      const now = performance.now()
      const start = Math.max(now, next)
      next = start + gapMs
      if (start > now) await wait(start - now, undefined, { signal })
      return target.answer(asked, signal)
    },
  }
}

/** Opens the target at the first question, so that a run that cannot begin starts nothing. */
export function openLazily(open: () => Promise<Target>): { get(): Promise<Target>; close(): Promise<void> } {
  let opened: Promise<Target> | undefined
  return {
    get() {
      opened ??= open()
      return opened
    },
    async close() {
      const target = await opened?.catch(() => undefined)
      await target?.close()
    },
  }
}

export function toUnknownTargetError(name: string, known: readonly string[]): CannotRunError {
  return new CannotRunError(
    `there is no target "${name}"`,
    `evals/targets.json has ${known.join(', ')}; a path such as ../rag-bot names a generated repo`,
    2,
  )
}
