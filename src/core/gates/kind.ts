import type * as z from 'zod/mini'
import type { Finding } from './finding.ts'

/** Everything about one kind of gate except how its facts are gathered, which is in `io/gates/<kind>.ts`. */
export interface GateKind<Schema extends z.ZodMiniType, Facts, Code extends string, Data> {
  /** Schema of a gate of this kind in a step's file. */
  schema: Schema
  /** Every code with which it can fail. The build refuses a roadmap without advice on one of them. */
  codes: readonly Code[]
  /**
   * Codes about what git ignores, such as reports and installed packages. They do not undo evidence while the
   * gate's files are the same: another run, or a fresh clone, is no less work done.
   */
  untracked?: readonly NoInfer<Code>[]
  /** Schema of its records' `data`, in every form that was ever written. */
  evidence: z.ZodMiniType<Data>
  /**
   * Whether a new score is worth a new record. Other findings, such as the number of a CI run, change without
   * meaning more.
   */
  isScored: boolean
  judge(gate: z.infer<Schema>, facts: Facts): Finding<Code, Data>
  portfolio: InPortfolio<z.infer<Schema>, Data>
}

export interface InPortfolio<Gate, Data> {
  part: 'shipped' | 'post' | 'evals' | 'pullRequest' | 'projects'
  /** The subject of such a gate, shown before there is evidence. */
  label: string
  /** What its evidence says, to a reader who does not know the roadmap. */
  describe(gate: Gate, data: Data): Wording
  /** Addresses that prove it. Absent: the commit of the record proves it. */
  findLinks?(gate: Gate, data: Data): Link[]
}

export interface Wording {
  label: string
  text: string
}

export interface Link {
  /** What `portfolio --verify` checks behind it. */
  kind: 'repository' | 'commit' | 'run' | 'pull' | 'deploy' | 'page'
  label: string
  url: string
  /** For a deployed project: the address of its health check, and the commit that it reports. */
  health: { url: string; field: string; commit: string } | null
}

export function makeLink(kind: Link['kind'], label: string, url: string): Link {
  return { kind, label, url, health: null }
}

/** Lets TypeScript infer a kind's types from its parts. */
export function defineKind<Schema extends z.ZodMiniType, Facts, const Code extends string, Data>(
  kind: GateKind<Schema, Facts, Code, Data>,
): GateKind<Schema, Facts, Code, Data> {
  return kind
}
