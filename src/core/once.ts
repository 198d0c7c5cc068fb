/** Returns a function that computes its value on the first call and keeps it. */
export function makeOnce<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
