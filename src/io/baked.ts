import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalogue } from '../core/catalogue.ts'

/** What the build baked into `dist/` from `templates/`: validated then, so that it can be trusted now. */
export function loadCatalogue(distDirectory: string): Catalogue {
  return JSON.parse(readFileSync(join(distDirectory, 'catalogue.json'), 'utf8')) as Catalogue
}
