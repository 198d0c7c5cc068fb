import type { Choices, Layer, Template } from './catalogue.ts'
import { toJson } from './package-json.ts'
import { formatManager, NPM, type PackageManager } from './pm/name.ts'
import { translateTarget } from './pm/project.ts'
import type { SourceFile } from './sources.ts'

const PROJECT_FILE = '.ai-eng/project.json'

interface GeneratedFile {
  path: string
  content: Buffer
  copyOf?: SourceFile
}

interface Origin {
  template: Template
  version: string
  layers: readonly Layer[]
  answers: { choices: Choices }
  manager?: PackageManager
  hash: (content: Buffer) => string
}

/**
 * Records where the repo comes from, and hashes of its files, to tell later what its owner has changed.
 * `files`: verbatim copies, which `reset --files` restores. `rendered`: files that are rendered, joined or
 * merged for each project, and meant to be changed from the first day.
 */
export function planProjectFile(
  files: readonly GeneratedFile[],
  { template, version, layers, answers, hash, manager = NPM }: Origin,
): GeneratedFile & { from: string[] } {
  const { id, target } = template.manifest
  // Another manager's lock file is made from npm's once the project is written.
  const isReplaced = (path: string) => path === 'package-lock.json' && manager.name !== NPM.name
  const entries = files.map((file) => ({ ...file, copied: findCopiedHash(file) }))
  const project = {
    schemaVersion: 1,
    template: id,
    templateVersion: version,
    options: answers.choices,
    layers: layers.map((layer) => layer.id),
    ...(manager.name !== NPM.name && { packageManager: formatManager(manager) }),
    ...(target && { target: translateTarget(target, manager) }),
    files: Object.fromEntries(
      entries.flatMap(({ path, copied }) => (copied === undefined ? [] : [[path, `sha256-${copied}`]])),
    ),
    rendered: Object.fromEntries(
      entries.flatMap(({ path, copied, content }) =>
        copied === undefined && !isReplaced(path) ? [[path, `sha256-${hash(content)}`]] : [],
      ),
    ),
  }
  return { path: PROJECT_FILE, from: [id], content: Buffer.from(toJson(project)) }
}

function findCopiedHash({ copyOf }: GeneratedFile): string | undefined {
  return copyOf?.source.kind === 'bytes' ? copyOf.source.sha256 : undefined
}

/** Segments between single slashes, none of them empty, `.` or `..`, and no backslash. */
const INSIDE = /^(?!\.{1,2}(?:\/|$))[^/\\]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\]+)*$/

/** Whether a path, with forward slashes, stays inside the project. */
export function isInsideProject(path: string): boolean {
  return INSIDE.test(path)
}
