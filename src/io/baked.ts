import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalogue } from '../core/catalogue.ts'
import type { Roadmap } from '../core/roadmap/schema.ts'

/**
 * Loads what the build baked into `dist/` from `templates/`. The build validated it, so it is trusted here.
 */
export function loadCatalogue(distDirectory: string): Catalogue {
  return JSON.parse(readFileSync(join(distDirectory, 'catalogue.json'), 'utf8')) as Catalogue
}

export function loadRoadmap(distDirectory: string): Roadmap {
  return JSON.parse(readFileSync(join(distDirectory, 'roadmap.json'), 'utf8')) as Roadmap
}
