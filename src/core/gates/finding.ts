import type { Code } from '../roadmap/codes.ts'

/** What a check of a gate found. `unknown` is neither met nor unmet: it could not be looked at. */
export interface Finding {
  result: 'passed' | 'failing' | 'unknown' | 'attested'
  code: Code | null
  /** What is there, in a few words. */
  found: string
  /** What would have met it. */
  wanted: string
  /** Where to look: a path or an address. */
  where: string | null
  /** What was measured; goes into the evidence. */
  data: Record<string, unknown>
}

export function passed(
  found: string,
  data: Record<string, unknown> = {},
  where: string | null = null,
): Finding {
  return { result: 'passed', code: null, found, wanted: found, where, data }
}

interface Unmet {
  found: string
  wanted: string
  where?: string
  data?: Record<string, unknown>
}

export function failing(code: Code, { found, wanted, where, data }: Unmet): Finding {
  return { result: 'failing', code, found, wanted, where: where ?? null, data: data ?? {} }
}

export function unknown(code: Code, { found, wanted, where, data }: Unmet): Finding {
  return { result: 'unknown', code, found, wanted, where: where ?? null, data: data ?? {} }
}
