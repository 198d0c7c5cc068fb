/** Reasons for which a gate of any kind can't be checked: it neither passes nor fails. */
export const UNKNOWN_CODES = [
  'not-checked',
  'offline',
  'cannot-reach',
  'cannot-read',
  'not-allowed',
  'needs-yes',
] as const

export type UnknownCode = (typeof UNKNOWN_CODES)[number]

interface Observation {
  /** What the check found, in a few words. */
  found: string
  /** What would have passed. */
  wanted: string
  /** Where to look: a path or an address. */
  where: string | null
}

/** A gate that passes. `data`: what was measured, for the evidence. */
export interface Pass<Data = unknown> extends Observation {
  result: 'passed' | 'attested'
  code: null
  data: Data
}

/** A gate that fails, or that can't be checked. */
export interface Miss<Code extends string = string> extends Observation {
  result: 'failing' | 'unknown'
  code: Code | UnknownCode
  data: Record<string, unknown>
}

/** The finding of one check of a gate. */
export type Finding<Code extends string = string, Data = unknown> = Pass<Data> | Miss<Code>

export function pass<Data>(found: string, data: Data, where: string | null = null): Pass<Data> {
  return { result: 'passed', code: null, found, wanted: found, where, data }
}

interface Unmet {
  found: string
  wanted: string
  where?: string | undefined
  data?: Record<string, unknown>
}

export function fail<Code extends string>(code: Code, { found, wanted, where, data }: Unmet): Miss<Code> {
  return { result: 'failing', code, found, wanted, where: where ?? null, data: data ?? {} }
}

export function leaveUnknown(code: UnknownCode, { found, wanted, where, data }: Unmet): Miss<never> {
  return { result: 'unknown', code, found, wanted, where: where ?? null, data: data ?? {} }
}
