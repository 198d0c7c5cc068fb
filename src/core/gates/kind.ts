import type * as z from 'zod/mini'
import type { Finding } from './finding.ts'

/** Everything about one kind of gate but how its facts are gathered, which is in `io/gates/<kind>.ts`. */
export interface GateKind<Schema extends z.ZodMiniType, Facts, Code extends string, Data> {
  /** A gate of this kind in a step's file. */
  schema: Schema
  /** Every reason for which it can fail. The build refuses a roadmap that has no advice on one of them. */
  codes: readonly Code[]
  /** `data` of its records, in every form that was ever written. */
  evidence: z.ZodMiniType<Data>
  /** A new score is worth a new record. What other gates find, such as the number of a CI run, changes without saying more. */
  isScored: boolean
  judge(gate: z.infer<Schema>, facts: Facts): Finding<Code, Data>
  portfolio: InPortfolio<z.infer<Schema>, Data>
}

export interface InPortfolio<Gate, Data> {
  part: 'shipped' | 'post' | 'evals' | 'pullRequest' | 'projects'
  /** What such a gate is about, before there is anything to show. */
  label: string
  /** What its evidence says, to a reader who does not know the road. */
  describe(gate: Gate, data: Data): Wording
  /** Addresses that prove it. Absent: the commit of the record does. */
  findLinks?(gate: Gate, data: Data): Link[]
}

export interface Wording {
  label: string
  text: string
}

export interface Link {
  /** What `portfolio --verify` looks up behind it. */
  kind: 'repository' | 'commit' | 'run' | 'pull' | 'deploy' | 'page'
  label: string
  url: string
  /** Of a deployed project: where it answers, and with which commit. */
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
