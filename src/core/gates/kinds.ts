import type * as z from 'zod/mini'
import { attest } from './attest.ts'
import { builtKind } from './built.ts'
import { ci } from './ci.ts'
import { command } from './command.ts'
import { evalKind } from './eval.ts'
import { evalDelta } from './eval-delta.ts'
import { files } from './files.ts'
import type { Finding } from './finding.ts'
import { http } from './http.ts'
import type { GateKind, InPortfolio, Link, Wording } from './kind.ts'
import { mcp } from './mcp.ts'
import { prose } from './prose.ts'
import { pullRequest } from './pull-request.ts'

/** Every kind of gate. A new kind is a file here, a file in `io/gates/`, and an entry in each registry. */
export const KINDS = {
  files,
  command,
  eval: evalKind,
  'eval-delta': evalDelta,
  ci,
  http,
  mcp,
  prose,
  'pull-request': pullRequest,
  built: builtKind,
  attest,
} as const

export type Kind = keyof typeof KINDS
type KindParts<K extends Kind> =
  (typeof KINDS)[K] extends GateKind<infer Schema, infer Facts, infer Code, infer Data>
    ? { gate: z.infer<Schema>; facts: Facts; code: Code; data: Data }
    : never

/** A gate of one kind as the roadmap defines it, with a hash of the fields that decide whether it passes. */
export type GateOf<K extends Kind> = KindParts<K>['gate'] & { hash: string }
export type Gate = { [K in Kind]: GateOf<K> }[Kind]
export type FactsOf<K extends Kind> = KindParts<K>['facts']
type DataOf<K extends Kind> = KindParts<K>['data']

/** The same kinds, typed so that TypeScript can relate a gate to the functions of its kind. */
const byKind: {
  [K in Kind]: {
    judge(gate: GateOf<K>, facts: FactsOf<K>): Finding<string, DataOf<K>>
    evidence: z.ZodMiniType<DataOf<K>>
    isScored: boolean
    untracked?: readonly string[]
    portfolio: InPortfolio<GateOf<K>, DataOf<K>>
  }
} = KINDS

export function judgeGate<K extends Kind>(gate: GateOf<K> & { kind: K }, facts: FactsOf<K>): Finding {
  return byKind[gate.kind].judge(gate, facts)
}

/** Whether every new score of a gate of this kind is worth a record. */
export function isScored(kind: Kind): boolean {
  return KINDS[kind].isScored
}

/** Whether a failure is about files that git ignores, which do not undo a gate's evidence. */
export function isUntracked(kind: Kind, code: string | null): boolean {
  const codes: readonly (string | null)[] = byKind[kind].untracked ?? []
  return codes.includes(code)
}

/** Describes a gate's evidence to a reader; undefined for a form that this version does not know. */
export function describeEvidence<K extends Kind>(
  gate: GateOf<K> & { kind: K },
  data: unknown,
): Wording | undefined {
  const kind = byKind[gate.kind]
  const parsed = kind.evidence.safeParse(data)
  return parsed.success ? kind.portfolio.describe(gate, parsed.data) : undefined
}

/** Addresses that prove a gate's evidence; undefined when the commit of its record proves it. */
export function findEvidenceLinks<K extends Kind>(
  gate: GateOf<K> & { kind: K },
  data: unknown,
): Link[] | undefined {
  const kind = byKind[gate.kind]
  if (!kind.portfolio.findLinks) return undefined
  const parsed = kind.evidence.safeParse(data)
  return parsed.success ? kind.portfolio.findLinks(gate, parsed.data) : []
}
