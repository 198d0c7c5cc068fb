import type { JSONValue } from '@ai-sdk/provider'
import { fillArguments } from './arguments.ts'
import { readProperties, type ToolDescription } from './describe.ts'
import { scoreTools } from './score.ts'

export type { ToolDescription } from './describe.ts'

/** What a request asks for. `score`, 0 to 1, is the share of its words, weighted by how telling they are, that the tool's own words cover. */
export type ToolChoice =
  | { kind: 'call'; tool: string; input: Record<string, JSONValue>; score: number }
  /** The tool is clear; `missing` names the required arguments that the request does not give. */
  | { kind: 'ask'; tool: string; missing: string[]; score: number }
  /** No tool is about this. */
  | { kind: 'none'; score: number }

/**
 * Below this score no tool is called. Set on the requests of this layer's tests: each that names a tool's job passes, and each about something else does not.
 */
export const DEFAULT_THRESHOLD = 0.34

/**
 * Chooses a tool for one request and fills in its arguments, by rules: the same every time, and no language model. The tool is the one whose name,
 * description and parameters share the most telling words with the request. Numbers, enums, booleans and quoted strings are taken from the request; any other
 * argument that is required is asked for, never made up. Between two tools with the same score the first wins.
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

/** One line for the user: which arguments are missing. */
export function composeQuestion({ tool, missing }: Extract<ToolChoice, { kind: 'ask' }>): string {
  const example = `${missing[0]} "..."`
  return `${tool} needs ${missing.join(' and ')}: say it in quotes, for example ${example}`
}
