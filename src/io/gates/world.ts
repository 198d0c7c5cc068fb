import type { Samples } from '../../core/gates/own-files.ts'
import type { RoadmapFolder } from '../state/folder.ts'

/** Everything that a gate may use. */
export interface GateWorld {
  /** The folder in which the gate is checked: a project, or the portfolio. Absolute. */
  directory: string
  folder: RoadmapFolder
  /** Hashes and texts of everything that the templates ship. */
  samples: () => Samples
  /** The learner's answer, given with the command. */
  answer: string | undefined
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  fetch: typeof fetch
  /** Whether addresses of this machine are allowed: only in tests. */
  allowLoopback: boolean
}
