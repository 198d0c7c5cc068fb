import type { JSONValue } from '@ai-sdk/provider'
import { fillArguments } from './arguments.ts'
import { readProperties, type ToolDescription } from './describe.ts'
import { scoreTools } from './score.ts'

export type { ToolDescription } from './describe.ts'

/**
 * What a request asks for. `score`, from 0 to 1, is the share of the request's words that the tool's own
 * words cover, with distinctive words weighing more.
 */
export type ToolChoice =
  | { kind: 'call'; tool: string; input: Record<string, JSONValue>; score: number }
  /** The tool is clear; `missing` names the required arguments that the request doesn't give. */
  | { kind: 'ask'; tool: string; missing: string[]; score: number }
  /** No tool matches the request. */
  | { kind: 'none'; score: number }

/**
 * Below this score, no tool is called. Tuned on the requests in this layer's tests: those that name a tool's
 * job reach it, those about something else don't.
 */
export const DEFAULT_THRESHOLD = 0.34

/**
 * Chooses a tool for one request and fills in its arguments by rules: deterministic, without a language
 * model. It is the tool whose name, description and parameters share the most distinctive words with the
 * request; of two with the same score, the first wins. Numbers, enums, booleans and quoted strings come from
 * the request. Any other required argument is asked for, never made up.
 */
export function chooseTool(
  request: string,
  tools: readonly ToolDescription[],
  { threshold = DEFAULT_THRESHOLD }: { threshold?: number } = {},
): ToolChoice {
  const [best] = scoreTools(request, tools)
  if (best === undefined || best.score < threshold) return { kind: 'none', score: best?.score ?? 0 }
  const { tool, score } = best
  const { input, missing } = fillArguments(request, readProperties(tool.inputSchema))
  if (missing.length > 0) return { kind: 'ask', tool: tool.name, missing, score }
  return { kind: 'call', tool: tool.name, input, score }
}

/** Composes one line that asks the user for the missing arguments. */
export function composeQuestion({ tool, missing }: Extract<ToolChoice, { kind: 'ask' }>): string {
  const example = `${missing[0]} "..."`
  return `${tool} needs ${missing.join(' and ')}: say it in quotes, for example ${example}`
}
