import {
  type CallToolResult,
  type McpServer,
  requireScopes,
  type ToolAnnotations,
} from '@modelcontextprotocol/server'
import * as z from 'zod'
import { removeLeftOut } from '#kit/mcp/left-out'
import { traceToolCall } from '#kit/mcp/tool-span'
import type { Scope } from '../about.ts'
import type { LookOptions, Notes } from '../notes/notes.ts'
import { describeFailure, readLookOptions } from './result.ts'

/** Hints for a client, which may run such a tool without asking its user. */
export const READ_ONLY: ToolAnnotations = {
  readOnlyHint: true,
  idempotentHint: true,
  destructiveHint: false,
  openWorldHint: false,
}

interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  name: string
  title: string
  /** A prompt: `npm run eval` measures it. */
  description: string
  /** What a token must allow, where the server asks for tokens. */
  scope: Scope
  annotations: ToolAnnotations
  inputSchema: Input
  outputSchema: Output
  /** Throws `ToolError` for a failure that the model can act on. */
  call(input: z.infer<Input>, work: { notes: Notes; look: LookOptions }): Promise<CallToolResult>
}

export interface ToolOptions {
  notes: Notes
  /** Gets unexpected failures. */
  report: (error: unknown) => void
}

export interface Tool {
  name: string
  scope: Scope
  register(server: McpServer, options: ToolOptions): void
}

/**
 * Turns a definition into a tool whose calls are traced, stop when the client cancels, and report failures as
 * results, never as a stack.
 */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, scope, call, ...config } = definition
  return {
    ...{ name, scope },
    register(server, { notes, report }) {
      const inputSchema = z.preprocess(
        (given) => removeLeftOut(given, config.inputSchema),
        config.inputSchema,
      )
      const described = { ...config, inputSchema, scopeChallenge: requireScopes(scope) }
      server.registerTool(name, described, async (given, context) => {
        try {
          // The SDK has checked the input with this schema; parsing again gives it its type and its defaults.
          const input = inputSchema.parse(given)
          const work = { notes, look: readLookOptions(context) }
          return await traceToolCall(name, context.mcpReq, () => call(input, work))
        } catch (error) {
          context.mcpReq.signal.throwIfAborted()
          return describeFailure(error, report)
        }
      })
    },
  }
}
