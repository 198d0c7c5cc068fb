import { UsageError } from '../core/errors.ts'
import { readIdentity } from '../core/package-identity.ts'
import { isInsideProject } from '../core/project-file.ts'
import {
  type Comparison,
  compareHashes,
  findPart,
  isCompared,
  type Share,
  type ShareFile,
  sumShare,
  type TemplateHashes,
} from '../core/share/share.ts'
import type { ProjectFile } from '../core/state/files.ts'
import { hashSha256 } from '../io/hash.ts'
import { type CountedLines, countLines, type Versions } from '../io/share/count-lines.ts'
import { readStartCommit } from '../io/share/originals.ts'
import { hashContents, readContents } from '../io/share/present.ts'
import { PROJECT_FILE, type Project, readFolder } from '../io/state/folder.ts'
import { replanFiles } from './replan.ts'
import type { World } from './world.ts'

type ShareWorld = Pick<World, 'catalogue' | 'packOf' | 'directory'>

export interface MineResult {
  /** The roadmap folder. Absolute. */
  directory: string
  /** The project that the command was started in, or all of them. */
  projects: Share[]
}

/**
 * Compares projects with their templates: which files and lines are the learner's. Runs nothing but git, and
 * writes nothing. Throws a UsageError without a project, a StateError for unreadable state.
 */
export function measureMine(world: ShareWorld): MineResult {
  const { directory, projects, current } = readFolder(world.directory)
  const wanted = current === null ? projects : projects.filter(({ name }) => name === current)
  if (wanted.length === 0) throw new UsageError('No project is here', 'Create one: ai-eng-starter new')
  return { directory, projects: wanted.map((project) => measureShare(project, world)) }
}

/** What a project's owner added to its template. */
export function measureShare({ directory, name, file }: Project, world: ShareWorld): Share {
  const present = readContents(directory)
  const originals = findOriginals(directory, file, present, world)
  const compared = compareHashes(originals.hashes, hashContents(present))
  const versions = [...compared.changed, ...compared.added, ...compared.deleted].flatMap((path) => {
    const original = originals.texts.get(path) ?? null
    const isCounted = original !== null || !originals.hashes.has(path)
    return isCounted ? [{ path, original, present: present.get(path) ?? null }] : []
  })
  const files = listShare(compared, versions, present)
  return {
    project: name,
    template: file.template,
    templateVersion: file.templateVersion,
    adopted: file.adopted === true,
    files,
    unchanged: compared.unchanged,
    unknown: compared.unknown,
    totals: sumShare(files),
  }
}

interface Originals {
  hashes: TemplateHashes
  /** Only texts that are certainly the original. */
  texts: Map<string, Buffer>
}

/**
 * The hashes that `project.json` recorded, and the texts that have them: from the project's first commit or,
 * where that has others, as this version generates them. Earlier versions recorded no hashes of rendered
 * files: then those of the first commit count, provided that it holds every recorded file unchanged.
 */
function findOriginals(
  directory: string,
  file: ProjectFile,
  present: ReadonlyMap<string, Buffer>,
  world: ShareWorld,
): Originals {
  const planned = new Map(
    replanFiles(file, readIdentity(present.get('package.json')?.toString('utf8')), world).map(
      ({ path, content }) => [path, content] as const,
    ),
  )
  const recorded = new Map(Object.entries({ ...file.rendered, ...file.files }))
  const rendered =
    file.rendered || file.adopted ? [] : [...planned.keys()].filter((path) => !recorded.has(path))
  const paths = [...recorded.keys(), ...rendered].filter(
    (path) => isInsideProject(path) && path !== PROJECT_FILE,
  )
  const started = readStartCommit(directory, paths)
  const hasHash = (text: Buffer | undefined, hash: string | null | undefined) =>
    text !== undefined && `sha256-${hashSha256(text)}` === hash
  const isPristine = Object.entries(file.files).every(([path, hash]) => hasHash(started.get(path), hash))
  const hashes = new Map<string, string | null>()
  const texts = new Map<string, Buffer>()
  for (const path of paths.filter(isCompared)) {
    const first = started.get(path)
    const guess = isPristine && first ? `sha256-${hashSha256(first)}` : null
    const hash = recorded.get(path) ?? guess
    hashes.set(path, hash)
    const text = [first, planned.get(path)].find((one) => hasHash(one, hash))
    if (text) texts.set(path, text)
  }
  return { hashes, texts }
}

/** git lists no file that differs only in line endings. */
function listShare(
  { changed, added, deleted }: Comparison,
  versions: readonly Versions[],
  present: ReadonlyMap<string, Buffer>,
): ShareFile[] {
  const counted = countLines(versions)
  const uncounted = counted === null ? versions : []
  const withoutOriginal = [...changed, ...deleted].filter(
    (path) => !versions.some((one) => one.path === path),
  )
  const unknown = [...uncounted.map(({ path }) => path), ...withoutOriginal].map((path) => ({
    path,
    from: null,
    added: null,
    removed: null,
  }))
  return [...(counted ?? []), ...unknown]
    .map((one) => toShareFile(one, { added, deleted }, present))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function toShareFile(
  { path, from, added, removed }: CountedLines,
  compared: Pick<Comparison, 'added' | 'deleted'>,
  present: ReadonlyMap<string, Buffer>,
): ShareFile {
  const isDeleted = compared.deleted.includes(path)
  const isNew = compared.added.includes(path)
  const change = isDeleted ? 'deleted' : from !== null ? 'moved' : isNew ? 'new' : 'changed'
  const start = present.get(path)?.toString('utf8', 0, 200) ?? ''
  return { path, part: findPart(path, start), change, added, removed }
}
