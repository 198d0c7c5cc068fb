/**
 * Runs `work` on all items, at most `limit` at a time, and returns the results in the order of `items`. The
 * first failure aborts the signal of the others and is thrown. So is the reason of `signal` when it aborts.
 */
export async function mapParallel<T, R>(
  items: readonly T[],
  { limit, signal }: { limit: number; signal: AbortSignal | undefined },
  work: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const stop = new AbortController()
  const joint = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const results: R[] = []
  const queue = items.entries()
  const worker = async () => {
    // The workers share one iterator, so that each takes the next free item.
    for (const [at, item] of queue) {
      joint.throwIfAborted()
      results[at] = await work(item, joint)
    }
  }
  const guarded = () =>
    worker().catch((error: unknown) => {
      stop.abort(error)
      throw error
    })
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, guarded))
  return results
}
