import type { Samples } from '../../core/gates/own-files.ts'
import type { RoadmapFolder } from '../state/folder.ts'

/** What a gate may look at. */
export interface GateWorld {
  /** Where the gate is checked: a project, or the portfolio folder. Absolute. */
  directory: string
  folder: RoadmapFolder
  /** Hashes and texts of everything that the templates ship. */
  samples: () => Samples
  /** The learner's answer, given with the command. */
  answer: string | undefined
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  fetch: typeof fetch
  /** Addresses of this machine are refused, except in tests. */
  allowLoopback: boolean
}
