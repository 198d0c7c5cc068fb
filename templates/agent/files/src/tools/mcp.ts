import { jsonSchema } from 'ai'
import * as z from 'zod'
import type { McpTool } from '#kit/mcp/connect'
import { type AgentTool, ToolError } from './tool.ts'
import { matches } from './toolbox.ts'

const TIMEOUT_MS = 30_000
const callArguments = z.record(z.string(), z.json())

/**
 * A tool of an MCP server, called `server__tool`. It is a write, and asks, unless the user's own file says
 * that it only reads: what a server says about its tools is a hint, not a promise.
 */
export function adaptMcpTool({ server, readOnly, name, description, schema, call }: McpTool): AgentTool {
  return {
    name: `${server}__${name}`.replaceAll(/[^\w-]/g, '_').slice(0, 64),
    description: description.slice(0, 2_000),
    schema: jsonSchema(schema),
    effect: readOnly.some((pattern) => matches(pattern, name)) ? 'read' : 'write',
    // The server knows nothing of our keys, so an interrupted call is not repeated.
    idempotent: false,
    timeoutMs: TIMEOUT_MS,
    prepare: (raw) => {
      const { success, data: input } = callArguments.safeParse(raw)
      // The server checks the rest against its own schema.
      if (!success) throw new ToolError('The arguments do not fit: an object is wanted')
      return {
        input,
        run: async ({ signal }) => {
          const { text, isError } = await call(input, { signal, timeout: TIMEOUT_MS })
          if (isError) throw new ToolError(text || 'The server reports a failure without a reason')
          return text
        },
      }
    },
  }
}
