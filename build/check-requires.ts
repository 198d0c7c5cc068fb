import { type Catalogue, listNamedLayers, requireLayers } from '../src/core/catalogue.ts'
import type { Pack } from '../src/core/sources.ts'

/**
 * Checks the declared requirements of layers and templates against their imports, and returns one line for
 * each difference: a layer must require every layer that it imports from, directly or through another one,
 * and a template must name every layer that its own files import from.
 */
export function checkRequires(
  { layers, templates }: Pick<Catalogue, 'layers' | 'templates'>,
  packs: ReadonlyMap<string, Pack>,
): string[] {
  const owners = mapKitOwners(
    layers.map(({ id }) => id),
    packs,
  )
  const requires = layers.flatMap(({ id, requires }) => {
    const within = requireLayers(layers, [id]).map((layer) => layer.id)
    return [
      ...findUnnamed({ id, within, owners, pack: packs.get(id) }).map(
        ({ file, used, owner }) =>
          `templates/_shared/${id}: ${file} uses ${used} of the layer ${owner}, which layer.json does not require`,
      ),
      ...requires
        .filter((name) => isUnused(name, packs.get(id), owners))
        .map((name) => `templates/_shared/${id}/layer.json: requires ${name} but imports nothing from it`),
    ]
  })
  const named = templates.flatMap(({ manifest }) => {
    const within = [manifest.id, ...listNamedLayers(manifest)]
    return findUnnamed({ id: manifest.id, within, owners, pack: packs.get(manifest.id) }).map(
      ({ file, used, owner }) =>
        `templates/${manifest.id}: ${file} uses ${used} of the layer ${owner}, which template.json does not name`,
    )
  })
  return [...requires, ...named]
}

/** Ids of the layers that have a file of `kit/`, by the file's path in a project. */
type Owners = ReadonlyMap<string, readonly string[]>

function mapKitOwners(ids: readonly string[], packs: ReadonlyMap<string, Pack>): Owners {
  const owners = new Map<string, string[]>()
  for (const id of ids)
    for (const path of packs.get(id)?.keys() ?? [])
      if (path.startsWith('files/kit/'))
        owners.set(path.slice('files/'.length), [...(owners.get(path.slice('files/'.length)) ?? []), id])
  return owners
}

interface Importer {
  id: string
  /** Layers that it may import from. */
  within: readonly string[]
  owners: Owners
  pack: Pack | undefined
}

interface Unnamed {
  file: string
  used: string
  owner: string
}

function findUnnamed({ within, owners, pack }: Importer): Unnamed[] {
  return [...(pack ?? [])].flatMap(([file, source]) =>
    usesOf(source).flatMap((used) => {
      const having = owners.get(used) ?? []
      const isHere = pack?.has(`files/${used}`) || having.some((owner) => within.includes(owner))
      return isHere ? [] : { file, used, owner: having.join(' or ') || '(none)' }
    }),
  )
}

/** A layer without code, such as `docker`, is required for its settings, which imports cannot show. */
function isUnused(name: string, pack: Pack | undefined, owners: Owners): boolean {
  if (![...owners.values()].some((having) => having.includes(name))) return false
  const used = [...(pack?.values() ?? [])].flatMap(usesOf)
  return !used.some((path) => owners.get(path)?.includes(name))
}

function usesOf(source: Pack extends ReadonlyMap<string, infer S> ? S : never): readonly string[] {
  return source.kind === 'bytes' ? (source.uses ?? []) : []
}
