import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { AbortScope, runWithDeadline, untilAborted } from '#kit/console/deadline'

const limit = (ms: number) => ({ ms, late: () => new Error('too late') })
const forever = () => new Promise<never>(() => {})

describe('a deadline', () => {
  it('gives what the work gives, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController()
    expect(await runWithDeadline(signal, limit(1_000), async () => 1)).toBe(1)
    await expect(
      runWithDeadline(signal, limit(1_000), async () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no')
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it.each([
    ['ignores its signal', forever],
    [
      'says in its own words that it was aborted',
      (scope: AbortScope) => sleep(5_000, 1, { signal: scope.signal }),
    ],
  ])('ends work that %s', async (_, work) => {
    await expect(runWithDeadline(undefined, limit(10), work)).rejects.toThrow('too late')
  })

  it('ends with the reason of the signal that it follows', async () => {
    const controller = new AbortController()
    const running = runWithDeadline(controller.signal, limit(5_000), forever)
    controller.abort(new Error('stopped'))
    await expect(running).rejects.toThrow('stopped')
  })

  it('starts nothing when the signal is aborted already', async () => {
    let started = false
    const work = async () => {
      started = true
    }
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(runWithDeadline(signal, limit(5_000), work)).rejects.toThrow('stopped')
    await expect(untilAborted(signal, work)).rejects.toThrow('stopped')
    expect(started).toBe(false)
  })

  it('starts over when it is restarted', () => {
    vi.useFakeTimers()
    const scope = new AbortScope(undefined, limit(80))
    for (let part = 0; part < 4; part++) {
      vi.advanceTimersByTime(70)
      scope.restart()
    }
    expect(scope.signal.aborted).toBe(false)
    vi.advanceTimersByTime(81)
    expect(scope.signal.aborted).toBe(true)
    vi.useRealTimers()
  })

  it('of a scope that is closed aborts nothing', async () => {
    const scope = new AbortScope(undefined, limit(5))
    scope.close()
    await sleep(30)
    expect(scope.signal.aborted).toBe(false)
  })
})
