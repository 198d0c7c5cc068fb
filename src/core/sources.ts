import { type Choices, findLock, type Layer } from './catalogue.ts'
import type { TemplateManifest } from './manifest.ts'
import type { CompiledText } from './render.ts'

/** A file of a layer or template: copied byte for byte or, when it is `.hbs`, rendered. */
export type Source =
  | {
      kind: 'bytes'
      content: Buffer
      sha256: string
      /**
       * Files of the project's `kit/` that this one imports or names, such as `kit/llm/answer.ts`; the build
       * determines them.
       */
      uses?: readonly string[]
    }
  | { kind: 'text'; compiled: CompiledText }

/** The files of one layer or template, by path relative to its folder: `files/…`, `parts/…`, `locks/…`. */
export type Pack = ReadonlyMap<string, Source>

export interface SourceFile {
  /** The layer or template it belongs to. */
  owner: string
  path: string
  source: Source
}

/**
 * Every file that a project with these choices may contain: its layers' in order, its template's, and the
 * matching lock file.
 */
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
