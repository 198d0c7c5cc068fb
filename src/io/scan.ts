import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type Catalogue, layersNamedBy, type Template } from '../core/catalogue.ts'
import { compileText } from '../core/compile.ts'
import { layerManifest, parseManifest, type TemplateManifest, templateManifest } from '../core/manifest.ts'
import { compare } from '../core/package-json.ts'
import type { Roadmap } from '../core/roadmap/schema.ts'
import type { Pack, Source } from '../core/sources.ts'
import { sha256 } from './hash.ts'
import { scanRoadmap } from './scan-roadmap.ts'

/** Never part of a template, even when a tool left them in its folder. */
const LEFT_OVERS = new Set(['node_modules', 'dist', '.DS_Store'])
const CONTENT_FOLDERS = ['files', 'parts', 'locks']

export interface Scan {
  catalogue: Catalogue
  roadmap: Roadmap
  /** By layer or template id. */
  packs: Map<string, Pack>
}

/** Reads `templates/` whole and validates every manifest in it. Throws with every problem, one line each. */
export function scanTemplates(directory: string, version: string): Scan {
  const layerIds = folders(join(directory, '_shared'))
  const templateIds = folders(directory).filter((name) => !name.startsWith('_'))
  for (const id of layerIds) readManifest(directory, `_shared/${id}/layer.json`, layerManifest, id)
  const packs = new Map<string, Pack>([
    ...layerIds.map((id) => [id, readPack(join(directory, '_shared', id))] as const),
    ...templateIds.map((id) => [id, readPack(join(directory, id))] as const),
  ])
  const templates = templateIds.map((id) => scanTemplate(directory, id, layerIds, packs))
  const listed = templates.map(({ manifest: { id, milestone } }) => ({ id, milestone }))
  const roadmap = scanRoadmap(directory, listed)
  const milestones = roadmap.milestones.map(({ id, title, days, summary }) => ({ id, title, days, summary }))
  const catalogue = { version, milestones, templates }
  const problems = templates.flatMap(({ manifest }) => missingMilestone(manifest, catalogue))
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return { catalogue, roadmap, packs }
}

function scanTemplate(
  directory: string,
  id: string,
  layerIds: readonly string[],
  packs: ReadonlyMap<string, Pack>,
): Template {
  const manifest = readManifest(directory, `${id}/template.json`, templateManifest, id)
  const named = layersNamedBy(manifest)
  const unknown = named.filter((layer) => !layerIds.includes(layer))
  if (unknown.length > 0)
    throw new Error(`templates/${id}/template.json: layers: there is no layer ${unknown.join(', ')}`)
  const dependencies = [...named, id].flatMap((owner) => dependenciesOf(packs.get(owner)))
  return { manifest, dependencies: [...new Set(dependencies)].sort(compare) }
}

function missingMilestone({ id, milestone }: TemplateManifest, { milestones }: Catalogue): string[] {
  const known = milestones.some((one) => one.id === milestone)
  return known ? [] : [`templates/${id}/template.json: milestone: ${milestone} is not in roadmap.json`]
}

function readManifest<T extends { id: string }>(
  directory: string,
  path: string,
  schema: Parameters<typeof parseManifest<T>>[0],
  id: string,
): T {
  const manifest = parseManifest(schema, readFileSync(join(directory, path), 'utf8'), `templates/${path}`)
  if (manifest.id !== id) throw new Error(`templates/${path}: id: must be ${id}, the folder's name`)
  return manifest
}

function dependenciesOf(pack: Pack | undefined): string[] {
  const json = JSON.parse(textOf(pack?.get('files/package.json')) ?? '{}') as Record<
    string,
    Record<string, string> | undefined
  >
  return Object.keys({ ...json['dependencies'], ...json['devDependencies'] })
}

function textOf(source: Source | undefined): string | undefined {
  return source?.kind === 'bytes' ? source.content.toString('utf8') : undefined
}

function readPack(folder: string): Pack {
  const paths = CONTENT_FOLDERS.flatMap((name) => listFiles(folder, name)).sort(compare)
  return new Map(paths.map((path) => [path, readSource(folder, path)]))
}

function readSource(folder: string, path: string): Source {
  const content = readFileSync(join(folder, path))
  if (path.endsWith('.hbs'))
    return { kind: 'text', compiled: compileText(content.toString('utf8'), join(folder, path)) }
  return { kind: 'bytes', content, sha256: sha256(content) }
}

/** Files below `folder/name`, relative to `folder`, with forward slashes; empty when it is absent. */
function listFiles(folder: string, name: string): string[] {
  if (!folders(folder).includes(name)) return []
  return readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((segment) => LEFT_OVERS.has(segment)))
}

function folders(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort(compare)
}
