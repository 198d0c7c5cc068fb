import type { JSONObject } from '@ai-sdk/provider'
import type { FlexibleSchema } from 'ai'
import type * as z from 'zod'

/** Why a tool did not do its work, in words that the model can act on. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

export interface ToolContext {
  signal: AbortSignal
  /** The same for the same arguments in the same run: a tool that gets a key twice does its work once. */
  key: string
  /** The model's id of this call. */
  callId: string
}

/** A call whose arguments are checked, ready to run. */
export interface PreparedCall {
  input: JSONObject
  run(context: ToolContext): Promise<string>
}

export interface AgentTool {
  name: string
  description: string
  /** The arguments, as the model is shown them. */
  schema: FlexibleSchema<unknown>
  /** `write`: it changes something or sends something out, so a person has to approve each call. */
  effect: 'read' | 'write'
  /**
   * A write that happens once, however often it is called with the same key. Other writes are not repeated
   * after a crash.
   */
  idempotent: boolean
  timeoutMs?: number
  /** Throws a `ToolError` for arguments that do not fit the schema. */
  prepare(input: unknown): PreparedCall
}

interface Definition<T extends z.ZodType<JSONObject>> {
  name: string
  description: string
  /** `z.strictObject`: an unknown key is an error, not decoration. */
  input: T
  timeoutMs?: number
  run(input: z.output<T>, context: ToolContext): Promise<string>
}

/** A tool that only looks. */
export function readTool<T extends z.ZodType<JSONObject>>(definition: Definition<T>): AgentTool {
  return { ...defineTool(definition), effect: 'read', idempotent: true }
}

/** A tool that does something. Its `run` must do it once for each key. */
export function writeTool<T extends z.ZodType<JSONObject>>(definition: Definition<T>): AgentTool {
  return { ...defineTool(definition), effect: 'write', idempotent: true }
}

function defineTool<T extends z.ZodType<JSONObject>>({ input: schema, run, ...about }: Definition<T>) {
  const prepare = (raw: unknown): PreparedCall => {
    const { success, data, error } = schema.safeParse(raw)
    if (!success) throw new ToolError(`The arguments do not fit: ${describeIssues(error)}`)
    return { input: data, run: (context) => run(data, context) }
  }
  return { ...about, schema, prepare }
}

function describeIssues({ issues }: z.ZodError): string {
  return issues
    .slice(0, 5)
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
    .join('; ')
}
