import type { JSONObject } from '@ai-sdk/provider'
import type { FlexibleSchema } from 'ai'
import type * as z from 'zod'

/** Why a tool did not do what it was asked to, in words that the model can act on. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

export interface ToolContext {
  signal: AbortSignal
  /** The same for the same arguments in the same run: whoever does something under it twice does it once. */
  key: string
}

/** A call whose arguments are checked and that nobody has made yet. */
export interface PreparedCall {
  input: JSONObject
  run(context: ToolContext): Promise<string>
}

export interface AgentTool {
  name: string
  description: string
  /** What a model is shown. */
  schema: FlexibleSchema<unknown>
  /** `write`: it changes something or tells somebody outside, so a person has to approve each call. */
  effect: 'read' | 'write'
  /** A write that happens once, however often it is called with the same key. Others are not repeated after a crash. */
  idempotent: boolean
  timeoutMs?: number
  /** Throws a `ToolError` for arguments that are not what the schema says. */
  prepare(input: unknown): PreparedCall
}

interface Definition<T extends z.ZodType<JSONObject>> {
  name: string
  description: string
  /** `z.strictObject`: a key that nobody knows is an error, not decoration. */
  input: T
  timeoutMs?: number
  run(input: z.output<T>, context: ToolContext): Promise<string>
}

/** A tool that only looks. */
export function readTool<T extends z.ZodType<JSONObject>>(definition: Definition<T>): AgentTool {
  return { ...toolOf(definition), effect: 'read', idempotent: true }
}

/** A tool that does something. `run` must do it once for each key. */
export function writeTool<T extends z.ZodType<JSONObject>>(definition: Definition<T>): AgentTool {
  return { ...toolOf(definition), effect: 'write', idempotent: true }
}

function toolOf<T extends z.ZodType<JSONObject>>({ input: schema, run, ...about }: Definition<T>) {
  const prepare = (raw: unknown): PreparedCall => {
    const { success, data, error } = schema.safeParse(raw)
    if (!success) throw new ToolError(`The arguments do not fit: ${problemsIn(error)}`)
    return { input: data, run: (context) => run(data, context) }
  }
  return { ...about, schema, prepare }
}

function problemsIn({ issues }: z.ZodError): string {
  return issues
    .slice(0, 5)
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
    .join('; ')
}
