import { resolveLayers } from '../core/catalogue.ts'
import { parseProjectName } from '../core/names.ts'
import { type PlannedFile, planProject } from '../core/plan.ts'
import { collectSources } from '../core/sources.ts'
import type { ProjectFile } from '../core/state/files.ts'
import type { World } from './world.ts'

/**
 * The files of a project as this version generates them; none for a template that it does not have. Files
 * that are rendered for each project have another name in them than the project's own.
 */
export function replanProject(
  { template: id, options }: Pick<ProjectFile, 'template' | 'options'>,
  world: Pick<World, 'catalogue' | 'packOf'>,
): PlannedFile[] {
  const template = world.catalogue.templates.find(({ manifest }) => manifest.id === id)
  if (!template) return []
  const choices = Object.fromEntries(
    Object.entries(template.manifest.options).map(([name, option]) => [
      name,
      options[name] ?? option.default,
    ]),
  )
  const layers = resolveLayers(world.catalogue.layers, template.manifest, choices)
  const sources = collectSources(template.manifest, choices, layers, world.packOf)
  const name = parseProjectName('project', new Set())
  const answers = { name, description: '', choices }
  return planProject({ template, version: world.catalogue.version, layers, sources, answers })
}
