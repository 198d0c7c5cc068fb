import { posix } from 'node:path'
import type { Choices, Layer, Template } from './catalogue.ts'
import { KIT_README, writeKitReadme } from './kit-readme.ts'
import type { ProjectName } from './names.ts'
import { compare, type JsonObject, mergePackageJson, nameLockFile, toJson } from './package-json.ts'
import { NPM, type PackageManager } from './pm/name.ts'
import { planManagerFiles, translateFile, translatePackageJson } from './pm/project.ts'
import { isInsideProject, planProjectFile } from './project-file.ts'
import { keepReached } from './reach.ts'
import { renderText } from './render.ts'
import type { SourceFile } from './sources.ts'

/** A file of the new project. */
export interface PlannedFile {
  /** Relative to the project, with forward slashes. */
  path: string
  from: string[]
  content: Buffer
  /** Set when the content is a copy of this source, byte for byte. */
  copyOf?: SourceFile
}

interface ProjectAnswers {
  name: ProjectName
  description: string
  choices: Choices
}

export interface PlanInput {
  template: Template
  version: string
  /** The project's layers, in the order of `resolveLayers`. */
  layers: readonly Layer[]
  sources: readonly SourceFile[]
  answers: ProjectAnswers
  /** SHA-256 in hex. */
  hash: (content: Buffer) => string
  /** npm when absent: the one that templates are written for. */
  manager?: PackageManager
}

/** `npm pack` leaves out files with these names, so templates store them under other names. */
const DOTFILES: Record<string, string> = { _gitignore: '.gitignore', _npmrc: '.npmrc' }

/**
 * Decides every file of the new project, sorted by path. Pure: the same input gives the same bytes. Throws an
 * Error for a path outside the project, or one that two sources write.
 */
export function planProject(input: PlanInput): PlannedFile[] {
  const { renames } = input.template.manifest
  const { manager = NPM } = input
  const reached = keepReached(input.sources, Object.keys(renames))
  const rendered = reached.map((source) => renderSource(source, input.answers))
  const merged = mergeParts(rendered, input)
  const files = [
    ...[...planWholeFiles(rendered, renames), ...joinParts(rendered)].map((file) =>
      translateFile(file, manager),
    ),
    {
      from: merged.from,
      path: 'package.json',
      content: Buffer.from(toJson(translatePackageJson(merged.json, manager))),
    },
    ...planManagerFiles(merged.json, manager),
    ...planLockFile(rendered, input.answers),
  ].sort((a, b) => compare(a.path, b.path))
  checkPaths(files)
  const described = [...files, ...describeKit(files, input).map((file) => translateFile(file, manager))]
  return [...described, planProjectFile(described, input)].sort((a, b) => compare(a.path, b.path))
}

interface RenderedSource {
  owner: string
  path: string
  content: Buffer
  /** Absent for rendered text. */
  copyOf?: SourceFile
}

function renderSource(file: SourceFile, { name, description }: ProjectAnswers): RenderedSource {
  const { owner, path, source } = file
  if (source.kind === 'bytes') return { owner, path, content: source.content, copyOf: file }
  const text = renderText(source.compiled, { name: name.packageName, description })
  return { owner, path: path.slice(0, -'.hbs'.length), content: Buffer.from(text) }
}

function planWholeFiles(sources: readonly RenderedSource[], renames: Record<string, string>): PlannedFile[] {
  return sources
    .filter(({ path }) => path.startsWith('files/') && path !== 'files/package.json')
    .map((source) => ({
      path: restoreDots(renamePath(source.path.slice('files/'.length), renames)),
      from: [source.owner],
      content: source.content,
      ...(source.copyOf && { copyOf: source.copyOf }),
    }))
}

/** Joins `parts/README.md/10-what.md` of every layer with blank lines, ordered by file name. */
function joinParts(sources: readonly RenderedSource[]): PlannedFile[] {
  const parts = sources
    .filter(({ path }) => path.startsWith('parts/'))
    .sort((a, b) => compare(posix.basename(a.path), posix.basename(b.path)))
  const targets = [...new Set(parts.map(({ path }) => posix.dirname(path)))]
  return targets.map((target) => {
    const owned = parts.filter(({ path }) => posix.dirname(path) === target)
    const text = owned.map(({ content }) => content.toString('utf8').trim()).join('\n\n')
    return {
      path: restoreDots(target.slice('parts/'.length)),
      from: [...new Set(owned.map(({ owner }) => owner))],
      content: Buffer.from(`${text}\n`),
    }
  })
}

/** The package.json of all layers and the template, as npm reads it. */
function mergeParts(
  sources: readonly RenderedSource[],
  { template, answers: { name, description } }: PlanInput,
): { from: string[]; json: JsonObject } {
  const parts = sources
    .filter(({ path }) => path === 'files/package.json')
    .map(({ owner, content }) => ({ owner, json: JSON.parse(content.toString('utf8')) as JsonObject }))
  const lessons = { owner: template.manifest.id, json: mapLessons(template.manifest.renames) }
  return {
    from: parts.map(({ owner }) => owner),
    json: mergePackageJson([...parts, lessons], name, description),
  }
}

function renamePath(path: string, renames: Record<string, string>): string {
  return Object.hasOwn(renames, path) ? (renames[path] ?? path) : path
}

/** Entries of package.json's `imports`, so that `#kit/retrieval/chunk` resolves to `src/chunk.ts`. */
function mapLessons(renames: Record<string, string>): JsonObject {
  const entries = Object.entries(renames).map(([from, to]) => {
    const built = `./dist/${to.replace(/\.ts$/, '.js')}`
    return [`#${from.replace(/\.ts$/, '')}`, { types: `./${to}`, development: `./${to}`, default: built }]
  })
  return entries.length > 0 ? { imports: Object.fromEntries(entries) } : {}
}

/** Empty only while `templates:lock` creates the lock file; the build refuses a template without one. */
function planLockFile(sources: readonly RenderedSource[], { name }: ProjectAnswers): PlannedFile[] {
  return sources
    .filter(({ path }) => path.startsWith('locks/'))
    .map(({ owner, content }) => ({
      path: 'package-lock.json',
      from: [owner],
      content: Buffer.from(nameLockFile(content.toString('utf8'), name)),
    }))
}

function describeKit(files: readonly PlannedFile[], { template, layers, version }: PlanInput): PlannedFile[] {
  const text = writeKitReadme({ files, layers, own: template.manifest.kit, version })
  return text === undefined ? [] : [{ path: KIT_README, from: ['kit'], content: Buffer.from(text) }]
}

function restoreDots(path: string): string {
  const segments = path.split('/')
  const name = segments.pop() ?? ''
  return [...segments, DOTFILES[name] ?? name].join('/')
}

/** No path may occur twice (ignoring case and Unicode form) or lead outside the project. */
function checkPaths(files: readonly PlannedFile[]): void {
  const seen = new Map<string, PlannedFile>()
  for (const file of files) {
    if (!isInsideProject(file.path)) {
      throw new Error(`${file.from.join(', ')}: ${file.path} is not a path inside the project`)
    }
    const key = file.path.normalize('NFC').toLowerCase()
    const other = seen.get(key)
    if (other)
      throw new Error(`${file.path} belongs to both ${other.from.join(', ')} and ${file.from.join(', ')}`)
    seen.set(key, file)
  }
}
