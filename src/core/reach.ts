import type { SourceFile } from './sources.ts'

const KIT = 'files/kit/'

/**
 * Leaves out what nothing reaches: a file of `kit/` stays when a file outside of it, or one that stays itself, imports or names it, and when it is
 * one of the `lessons`. Everything else stays. Throws an Error that names both files when something that is used is not there.
 */
export function keepReached(sources: readonly SourceFile[], lessons: readonly string[] = []): SourceFile[] {
  const byPath = new Map(sources.map((file) => [file.path, file]))
  const starts = new Set(lessons.map((path) => `files/${path}`))
  const reached = new Set(sources.filter(({ path }) => !path.startsWith(KIT) || starts.has(path)))
  // A set is walked in the order in which it grows, so this visits what is added on the way.
  for (const file of reached) {
    for (const used of listUses(file)) {
      const found = byPath.get(`files/${used}`)
      if (!found)
        throw new Error(`${file.owner}: ${file.path} uses ${used}, which no layer of this project has`)
      reached.add(found)
    }
  }
  return sources.filter((file) => reached.has(file))
}

function listUses({ source }: SourceFile): readonly string[] {
  return source.kind === 'bytes' ? (source.uses ?? []) : []
}
