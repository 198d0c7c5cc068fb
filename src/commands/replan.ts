import { resolveLayers } from '../core/catalogue.ts'
import type { Identity } from '../core/package-identity.ts'
import { type PlannedFile, planProject } from '../core/plan.ts'
import { parseManager } from '../core/pm/name.ts'
import { collectSources } from '../core/sources.ts'
import type { ProjectFile } from '../core/state/files.ts'
import { hashSha256 } from '../io/hash.ts'
import type { World } from './world.ts'

/** For files that contain neither the project's name nor its description. */
export const NAMELESS: Identity = { name: undefined, description: undefined }

/**
 * The files that this version would generate for an existing project; none when it does not have the
 * template.
 */
export function replanFiles(
  { template: id, options, packageManager }: Pick<ProjectFile, 'template' | 'options' | 'packageManager'>,
  { name = 'project', description = '' }: Identity,
  { catalogue, packOf }: Pick<World, 'catalogue' | 'packOf'>,
): PlannedFile[] {
  const template = catalogue.templates.find(({ manifest }) => manifest.id === id)
  if (!template) return []
  const known = Object.entries(template.manifest.options)
  const choices = Object.fromEntries(
    known.map(([option, { values, default: usual }]) => {
      const chosen = options[option] ?? usual
      return [option, Object.hasOwn(values, chosen) ? chosen : usual]
    }),
  )
  const manager = parseManager(packageManager)
  const layers = resolveLayers(catalogue.layers, template.manifest, choices, manager.name)
  const sources = collectSources(template.manifest, choices, layers, packOf)
  const answers = { name: { packageName: name, directoryName: name }, description, choices }
  const { version } = catalogue
  return planProject({ template, version, layers, sources, answers, manager, hash: hashSha256 })
}
