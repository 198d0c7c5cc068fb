import type { Catalogue } from '../core/catalogue.ts'
import type { Roadmap } from '../core/roadmap/schema.ts'
import type { Pack } from '../core/sources.ts'
import type { Ask } from '../io/ask.ts'
import type { Event } from './events.ts'

/**
 * Everything that a command uses besides its request. The CLI creates one for each run; tests pass their own.
 */
export interface World {
  catalogue: Catalogue
  /** Loaded on first access. */
  readonly roadmap: Roadmap
  packOf(owner: string): Pack
  /** The packs of every layer and template. */
  allPacks(): Pack[]
  /** The directory that the command was started in. Absolute. */
  directory: string
  env: NodeJS.ProcessEnv
  /** Aborted with a `Cancelled` as its reason. */
  signal: AbortSignal
  /** Absent when the command must not ask. */
  ask: Ask | undefined
  now(): Date
  fetch: typeof fetch
  /** Called for each event while the command runs. */
  tell(event: Event): void
}
