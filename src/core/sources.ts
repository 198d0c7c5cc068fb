import { type Choices, findLock, type Layer } from './catalogue.ts'
import type { TemplateManifest } from './manifest.ts'
import type { CompiledText } from './render.ts'

/** A file of a layer or template: copied byte for byte, or, when it is `.hbs`, rendered. */
export type Source =
  | {
      kind: 'bytes'
      content: Buffer
      sha256: string
      /** Files of the project's `kit/` that this one imports or names, such as `kit/llm/answer.ts`; found when the package is built. */
      uses?: readonly string[]
    }
  | { kind: 'text'; compiled: CompiledText }

/** The files of one layer or template by path relative to its folder: `files/…`, `parts/…`, `locks/…`. */
export type Pack = ReadonlyMap<string, Source>

export interface SourceFile {
  /** The layer or template it belongs to. */
  owner: string
  path: string
  source: Source
}

/** Every file that a project with these choices may be made of: its layers' in order, its own, and the lock file that fits. */
export function collectSources(
  template: TemplateManifest,
  choices: Choices,
  layers: readonly Layer[],
  packOf: (owner: string) => Pack,
): SourceFile[] {
  const lock = findLock(template, choices)
  const owners = [...layers.map(({ id }) => id), template.id]
  const sources = owners.flatMap((owner) =>
    [...packOf(owner)].map(([path, source]) => ({ owner, path, source })),
  )
  return sources.filter(({ path }) => !path.startsWith('locks/') || path === lock)
}
