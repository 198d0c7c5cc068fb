/** Results in the order of the items, so many at a time. All of them end, then the first failure is thrown. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: PromiseSettledResult<R>[] = []
  const queue = items.entries() // one iterator for all workers: each item is handed out once
  const worker = async () => {
    for (const [index, item] of queue) {
      const [result] = await Promise.allSettled([work(item)])
      if (result) results[index] = result
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
