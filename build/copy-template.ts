import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseManifest, templateManifest } from '../src/core/manifest.ts'
import { roadmapSchema } from '../src/core/roadmap/schema.ts'

interface NewTemplate {
  id: string
  milestone: string
  title: string
}

/**
 * Copies `templates/_skeleton` to `templates/<id>`. Throws an Error, before copying anything, for an invalid
 * id, milestone or title.
 */
export function copyTemplate(templates: string, change: NewTemplate): void {
  const skeleton = join(templates, '_skeleton')
  const manifest = { ...JSON.parse(readFileSync(join(skeleton, 'template.json'), 'utf8')), ...change }
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  parseManifest(templateManifest, text, `templates/${change.id}/template.json`)
  const { milestones } = parseManifest(
    roadmapSchema,
    readFileSync(join(templates, 'roadmap.json'), 'utf8'),
    'templates/roadmap.json',
  )
  if (!milestones.some(({ id }) => id === change.milestone))
    throw new Error(`${change.milestone} is not a milestone`)
  const target = join(templates, change.id)
  if (existsSync(target)) throw new Error(`${target} exists already`)
  cpSync(skeleton, target, { recursive: true })
  writeFileSync(join(target, 'template.json'), text)
}
