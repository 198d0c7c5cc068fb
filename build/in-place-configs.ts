import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pack } from '../src/core/sources.ts'

/**
 * Writes a tsconfig.json, which git ignores, into `templates/_shared` and each template, so that editors
 * resolve `#kit/…` from a source file to the layer that has the target, and `tsc -p templates/_shared` checks
 * the layers in place.
 */
export async function writeInPlaceConfigs(
  templates: string,
  templateIds: readonly string[],
  packs: ReadonlyMap<string, Pack>,
): Promise<void> {
  const layers = [...packs].filter(([owner]) => !templateIds.includes(owner))
  const shared = layers.flatMap(([owner, pack]) => listKitFolders(pack).map((folder) => ({ owner, folder })))
  await writeConfig(join(templates, '_shared'), composePaths(shared, '.'))
  for (const id of templateIds) {
    const paths = composePaths(shared, '../_shared')
    for (const folder of listKitFolders(packs.get(id)))
      paths[`#kit/${folder}/*`] = [`./files/kit/${folder}/*.ts`, ...(paths[`#kit/${folder}/*`] ?? [])]
    await writeConfig(join(templates, id), paths)
  }
}

type Paths = Record<string, string[]>

function composePaths(shared: readonly { owner: string; folder: string }[], from: string): Paths {
  const paths: Paths = {}
  for (const { owner, folder } of shared)
    paths[`#kit/${folder}/*`] = [
      ...(paths[`#kit/${folder}/*`] ?? []),
      `${from}/${owner}/files/kit/${folder}/*.ts`,
    ]
  return paths
}

function listKitFolders(pack: Pack | undefined): string[] {
  const folders = [...(pack?.keys() ?? [])].map((path) => /^files\/kit\/([^/]+)\//.exec(path)?.[1] ?? [])
  return [...new Set(folders.flat())]
}

async function writeConfig(folder: string, paths: Paths): Promise<void> {
  const config = {
    extends: folder.endsWith('_shared')
      ? './base/files/tsconfig.json'
      : '../_shared/base/files/tsconfig.json',
    compilerOptions: { rootDir: '..', paths },
    include: ['.'],
  }
  await writeFile(join(folder, 'tsconfig.json'), `${JSON.stringify(config, null, 2)}\n`)
}
