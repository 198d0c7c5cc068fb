import type { Suite } from '#kit/evals/suite'
import type { SuiteCase } from '../cases/case.ts'
import type { World } from '../targets/open.ts'
import type { TargetSpec } from '../targets/spec.ts'

export type SuiteWorld = World

export interface NamedTarget {
  name: string
  spec: TargetSpec
  /** What `--target` was given; null where nothing was. */
  given: string | null
  /** Its baselines are `evals/baseline.<provider>.json`, those of others have its name in front. */
  isDefault: boolean
}

/** A suite, and what ends whatever it started. */
export interface OpenSuite {
  suite: Suite<SuiteCase>
  close(): Promise<void>
}
