import type { SourceFile } from './sources.ts'

const KIT = 'files/kit/'

/**
 * Drops files that nothing reaches: a file of `kit/` stays when a file outside of `kit/`, or another file
 * that stays, imports or names it, and when it is one of the `lessons`. All other files stay. Throws an Error
 * that names both files when a file uses one that does not exist.
 */
export function keepReached(sources: readonly SourceFile[], lessons: readonly string[] = []): SourceFile[] {
  const byPath = new Map(sources.map((file) => [file.path, file]))
  const starts = new Set(lessons.map((path) => `files/${path}`))
  const reached = new Set(sources.filter(({ path }) => !path.startsWith(KIT) || starts.has(path)))
  // A set is iterated in insertion order, so this also visits files added during the loop.
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
