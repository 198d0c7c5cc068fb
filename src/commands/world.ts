import type { Catalogue } from '../core/catalogue.ts'
import type { Roadmap } from '../core/roadmap/schema.ts'
import type { Pack } from '../core/sources.ts'
import type { Ask } from '../io/ask.ts'
import type { Event } from './events.ts'

/** Everything a command reaches besides its request. The CLI makes one for each run; a test passes its own. */
export interface World {
  catalogue: Catalogue
  /** Loaded when it is first read. */
  readonly roadmap: Roadmap
  packOf(owner: string): Pack
  /** Of every layer and template. */
  allPacks(): Pack[]
  /** Where the command was started. Absolute. */
  directory: string
  env: NodeJS.ProcessEnv
  /** Aborted with a `Cancelled` as its reason. */
  signal: AbortSignal
  /** Absent: the command must not ask. */
  ask: Ask | undefined
  now(): Date
  fetch: typeof fetch
  /** Called with what happens while the command runs. */
  tell(event: Event): void
}
