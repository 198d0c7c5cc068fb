import type { Fingerprint } from '../../core/similarity.ts'
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

export interface Samples {
  hashes: ReadonlySet<string>
  texts: readonly Fingerprint[]
  code: readonly Fingerprint[]
  /** Lines of the shipped case files, by id. */
  caseIds: ReadonlySet<string>
  cases: readonly Fingerprint[]
}
