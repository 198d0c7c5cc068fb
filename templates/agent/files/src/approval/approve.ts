import type { JSONObject } from '@ai-sdk/provider'
import { UsageError } from '#kit/console/errors'
import { matches } from '../tools/toolbox.ts'
import { namesValue } from './values.ts'

export interface ApprovalRequest {
  tool: string
  /** Exactly the arguments that the tool will get. */
  input: JSONObject
  /** The fingerprint of tool and arguments together (`fingerprint.ts`). */
  approval: string
}

export interface Verdict {
  decision: 'approved' | 'denied'
  by: string
}

/** Decides about one call with a side effect. undefined: there is no decision yet, so the run waits. */
export type Approve = (request: ApprovalRequest, signal: AbortSignal) => Promise<Verdict | undefined>

export const denyAll: Approve = async () => ({ decision: 'denied', by: 'default: no terminal to ask on' })

/** Puts the question to a person. Without a person to ask, the answer is no. */
export function askPerson(
  ask: ((request: ApprovalRequest, signal: AbortSignal) => Promise<boolean>) | undefined,
): Approve {
  if (ask === undefined) return denyAll
  return async (request, signal) => ({
    decision: (await ask(request, signal)) ? 'approved' : 'denied',
    by: 'terminal',
  })
}

/**
 * Approves what one of the patterns names, and leaves the rest to `next`. A pattern is a tool (`file_ticket`,
 * `docs__*`), a tool with values that its arguments must have (`file_ticket:severity=sev3,service=ledger*`),
 * or the fingerprint of one call (`file_ticket#1f0c…`).
 */
export function approveMatching(patterns: readonly string[], next: Approve): Approve {
  const rules = patterns.map((pattern) => ({ pattern, isMet: parsePattern(pattern) }))
  return async (request, signal) => {
    const met = rules.find(({ isMet }) => isMet(request))
    return met ? { decision: 'approved', by: `--approve ${met.pattern}` } : next(request, signal)
  }
}

/**
 * Throws a `UsageError` for a malformed pattern: one that silently matched nothing, or everything, would be
 * worse.
 */
function parsePattern(pattern: string): (request: ApprovalRequest) => boolean {
  if (/^[\w*-]+#[\da-f]{16}$/.test(pattern)) return ({ approval }) => approval === pattern
  const [, tool = '', conditions] = /^([\w*-]+)(?::(.+))?$/.exec(pattern) ?? []
  if (tool === '')
    throw new UsageError(`--approve takes TOOL, TOOL:KEY=VALUE or TOOL#FINGERPRINT; found "${pattern}"`)
  const wanted = (conditions?.split(',') ?? []).map((condition) => {
    const at = condition.indexOf('=')
    if (at < 1) throw new UsageError(`--approve ${pattern}: "${condition}" is not KEY=VALUE`)
    return { key: condition.slice(0, at), value: condition.slice(at + 1) }
  })
  return ({ tool: called, input }) =>
    matches(tool, called) &&
    wanted.every(({ key, value }) => Object.hasOwn(input, key) && namesValue(value, input[key]))
}
