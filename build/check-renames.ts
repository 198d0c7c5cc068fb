import { posix } from 'node:path'
import type { Catalogue } from '../src/core/catalogue.ts'
import type { Pack } from '../src/core/sources.ts'
import { findSpecifiers } from './kit-uses.ts'

/**
 * Checks the files that templates rename against their imports, and returns one line for each import that
 * would break: a file that is in another folder in some repos must be imported through `#kit/` only, and must
 * not import anything by a relative path.
 */
export function checkRenames(
  { templates }: Pick<Catalogue, 'templates'>,
  packs: ReadonlyMap<string, Pack>,
): string[] {
  const renamed = new Set(templates.flatMap(({ manifest }) => Object.keys(manifest.renames)))
  const missing = [...renamed].filter(
    (path) => ![...packs.values()].some((pack) => pack.has(`files/${path}`)),
  )
  const relative = [...packs].flatMap(([owner, pack]) =>
    [...pack].flatMap(([file, source]) => {
      if (source.kind !== 'bytes' || !file.startsWith('files/kit/') || !file.endsWith('.ts')) return []
      const path = file.slice('files/'.length)
      const targets = findSpecifiers(source.content.toString('utf8'), path).filter((found) =>
        found.startsWith('.'),
      )
      const broken = targets.filter(
        (target) => renamed.has(path) || renamed.has(posix.join(posix.dirname(path), target)),
      )
      return broken.map(
        (target) =>
          `${owner}: ${path} imports ${target}: a template renames one of them, so import it as #kit/…`,
      )
    }),
  )
  return [...missing.map((path) => `no layer has ${path}, which a template renames`), ...relative]
}
