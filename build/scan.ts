import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import {
  type Catalogue,
  type Layer,
  listNamedLayers,
  requireLayers,
  type Template,
} from '../src/core/catalogue.ts'
import {
  layerManifest,
  parseManifest,
  type TemplateManifest,
  templateManifest,
} from '../src/core/manifest.ts'
import { compare } from '../src/core/package-json.ts'
import type { Roadmap } from '../src/core/roadmap/schema.ts'
import type { Pack, Source } from '../src/core/sources.ts'
import { hashSha256 } from '../src/io/hash.ts'
import { checkRenames } from './check-renames.ts'
import { checkRequires } from './check-requires.ts'
import { compileText } from './compile.ts'
import { findUsedKitFiles } from './kit-uses.ts'
import { scanExercises } from './scan-exercises.ts'
import { scanRoadmap } from './scan-roadmap.ts'

/** Never part of a template, even when a tool left them in its folder. */
const LEFT_OVERS = new Set(['node_modules', 'dist', '.DS_Store'])
/** Folders that the build bakes. A layer's tests, in `test`, stay in this repository. */
const CONTENT_FOLDERS = ['files', 'parts', 'locks']

export interface Scan {
  catalogue: Catalogue
  roadmap: Roadmap
  /** By layer or template id. */
  packs: Map<string, Pack>
}

/**
 * Reads all of `templates/` and validates every manifest. Throws an Error with every problem, one line each.
 */
export function scanTemplates(directory: string, version: string): Scan {
  const layerIds = listFolders(join(directory, '_shared'))
  const templateIds = listFolders(directory).filter((name) => !name.startsWith('_'))
  const layers = layerIds.map((id) => scanLayer(directory, id))
  const packs = new Map<string, Pack>([
    ...layerIds.map((id) => [id, readPack(join(directory, '_shared', id))] as const),
    ...templateIds.map((id) => [id, readPack(join(directory, id))] as const),
  ])
  const templates = templateIds.map((id) => scanTemplate(directory, id, layers, packs))
  for (const template of templates) {
    const { id } = template.manifest
    packs.set(id, new Map([...(packs.get(id) ?? []), ...scanExercises(directory, template, layers, packs)]))
  }
  const listed = templates.map(({ manifest: { id, milestone } }) => ({ id, milestone }))
  const roadmap = scanRoadmap(directory, listed)
  const milestones = roadmap.milestones.map(({ id, title, days, summary }) => ({ id, title, days, summary }))
  const catalogue = { version, milestones, layers, templates: sortByRoad(templates, roadmap) }
  const problems = [
    ...templates.flatMap(({ manifest }) => checkMilestone(manifest, catalogue)),
    ...checkRequires(catalogue, packs),
    ...checkRenames(catalogue, packs),
  ]
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return { catalogue, roadmap, packs }
}

/** Every list and picker shows templates in the order in which learners meet them; those of no step come last. */
function sortByRoad(templates: readonly Template[], { steps }: Roadmap): Template[] {
  const order = steps.flatMap(({ template }) => template ?? [])
  const rankTemplate = ({ manifest: { id } }: Template) =>
    order.includes(id) ? order.indexOf(id) : order.length
  return [...templates].sort((a, b) => rankTemplate(a) - rankTemplate(b))
}

function scanLayer(directory: string, id: string): Layer {
  const { summary, requires } = readManifest(directory, `_shared/${id}/layer.json`, layerManifest, id)
  return { id, summary, requires }
}

function scanTemplate(
  directory: string,
  id: string,
  layers: readonly Layer[],
  packs: ReadonlyMap<string, Pack>,
): Template {
  const manifest = readManifest(directory, `${id}/template.json`, templateManifest, id)
  const named = listNamedLayers(manifest)
  const unknown = named.filter((name) => !layers.some((layer) => layer.id === name))
  if (unknown.length > 0)
    throw new Error(`templates/${id}/template.json: layers: there is no layer ${unknown.join(', ')}`)
  const all = requireLayers(layers, named).map((layer) => layer.id)
  const dependencies = [...all, id].flatMap((owner) => listDependencies(packs.get(owner)))
  return { manifest, dependencies: [...new Set(dependencies)].sort(compare) }
}

function checkMilestone({ id, milestone }: TemplateManifest, { milestones }: Catalogue): string[] {
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

function listDependencies(pack: Pack | undefined): string[] {
  const json = JSON.parse(readText(pack?.get('files/package.json')) ?? '{}') as Record<
    string,
    Record<string, string> | undefined
  >
  return Object.keys({ ...json['dependencies'], ...json['devDependencies'] })
}

function readText(source: Source | undefined): string | undefined {
  return source?.kind === 'bytes' ? source.content.toString('utf8') : undefined
}

/** The files below some folders of a layer or template, by path relative to it. */
export function readPack(folder: string, within: readonly string[] = CONTENT_FOLDERS): Pack {
  const paths = within.flatMap((name) => listFiles(folder, name)).sort(compare)
  return new Map(paths.map((path) => [path, readSource(folder, path)]))
}

/** The path of a test relative to its layer does not matter: its relative imports never lead to `kit/`. */
function toProjectPath(path: string): string {
  return path.startsWith('files/') ? path.slice('files/'.length) : path
}

function readSource(folder: string, path: string): Source {
  const content = readFileSync(join(folder, path))
  if (path.endsWith('.hbs'))
    return { kind: 'text', compiled: compileText(content.toString('utf8'), join(folder, path)) }
  const uses = findUsedKitFiles(toProjectPath(path), content)
  return { kind: 'bytes', content, sha256: hashSha256(content), ...(uses.length > 0 && { uses }) }
}

/**
 * Files below `folder/name`, relative to `folder`, with forward slashes; empty when the folder does not
 * exist.
 */
function listFiles(folder: string, name: string): string[] {
  if (!listFolders(folder).includes(name)) return []
  return readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((segment) => LEFT_OVERS.has(segment)))
}

function listFolders(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort(compare)
}
