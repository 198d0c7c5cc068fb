import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { findLock, listLockedChoices } from '../src/core/catalogue.ts'
import { exercisesSchema } from '../src/core/exercises/schema.ts'
import { layerManifest, type TemplateManifest, templateManifest } from '../src/core/manifest.ts'
import { codesSchema, roadmapSchema, stepSchema } from '../src/core/roadmap/schema.ts'
import type { Pack } from '../src/core/sources.ts'
import { bakePack } from '../src/io/packs.ts'
import { writeInPlaceConfigs } from './in-place-configs.ts'
import { scanTemplates } from './scan.ts'

interface BakeOptions {
  templates: string
  dist: string
  version: string
  /** Brotli's quality, see `bakePack`. */
  quality: 9 | 11
}

/**
 * Validates every manifest and writes what the CLI reads at run time: the catalogue and the contents. Throws
 * an Error for a missing or superfluous lock file.
 */
export async function bakeTemplates({ templates, dist, version, quality }: BakeOptions): Promise<void> {
  const { catalogue, roadmap, packs } = scanTemplates(templates, version)
  for (const { manifest } of catalogue.templates) checkLocks(manifest, packs.get(manifest.id))
  await writeFile(join(dist, 'catalogue.json'), JSON.stringify(catalogue))
  await writeFile(join(dist, 'roadmap.json'), JSON.stringify(roadmap))
  await mkdir(join(dist, 'packs'))
  for (const [owner, pack] of packs)
    await writeFile(join(dist, 'packs', `${owner}.pack`), bakePack(pack, quality))
  await writeSchemas(templates)
  await writeInPlaceConfigs(
    templates,
    catalogue.templates.map(({ manifest }) => manifest.id),
    packs,
  )
}

/**
 * Checks that every value of the option that changes dependencies has its lock file, and that there are no
 * others.
 */
function checkLocks(manifest: TemplateManifest, pack: Pack | undefined): void {
  const locks = [...(pack?.keys() ?? [])].filter((path) => path.startsWith('locks/'))
  const wanted = listLockedChoices(manifest).map((choice) => findLock(manifest, choice))
  if (wanted.sort().join() === locks.sort().join()) return
  throw new Error(
    `templates/${manifest.id}: has ${locks.join(', ') || 'no lock file'}, needs ${wanted.join(', ')}: npm run templates:lock`,
  )
}

/** For editors: the schemas that manifests name in `$schema`. */
async function writeSchemas(templates: string): Promise<void> {
  for (const [name, schema] of Object.entries({
    template: templateManifest,
    exercises: exercisesSchema,
    layer: layerManifest,
    roadmap: roadmapSchema,
    '_steps/step': stepSchema,
    '_steps/codes': codesSchema,
  })) {
    const json = z.toJSONSchema(schema, { io: 'input' })
    await writeFile(join(templates, `${name}.schema.json`), `${JSON.stringify(json, null, 2)}\n`)
  }
}
