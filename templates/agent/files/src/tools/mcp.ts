import { createHash } from 'node:crypto'
import { jsonSchema } from 'ai'
import * as z from 'zod'
import type { McpTool } from '#kit/mcp/connect'
import { type AgentTool, ToolError } from './tool.ts'
import { matches } from './toolbox.ts'

const TIMEOUT_MS = 30_000
const callArguments = z.record(z.string(), z.json())

const LONGEST_NAME = 64
const HASH_DIGITS = 6

/**
 * The tools of MCP servers, each under a name of its own. Names are `server__tool`, cut and cleaned to what
 * model APIs take; names that are the same after that all end with a hash of server and tool, so none of them
 * stands for another, whatever the order of servers and tools.
 */
export function adaptMcpTools(tools: readonly McpTool[]): AgentTool[] {
  const distinct = tools.filter(
    ({ server, name }, index) =>
      tools.findIndex((other) => other.server === server && other.name === name) === index,
  )
  const names = distinct.map(cleanName)
  return distinct.map((tool, index) => {
    const name = names[index] ?? ''
    const isShared = names.filter((one) => one.toLowerCase() === name.toLowerCase()).length > 1
    return adaptMcpTool(tool, isShared ? appendHash(name, tool) : name)
  })
}

function cleanName({ server, name }: McpTool): string {
  return `${server}__${name}`.replaceAll(/[^\w-]/g, '_').slice(0, LONGEST_NAME)
}

function appendHash(cleaned: string, { server, name }: McpTool): string {
  const hash = createHash('sha256').update(`${server}\n${name}`).digest('hex').slice(0, HASH_DIGITS)
  return `${cleaned.slice(0, LONGEST_NAME - HASH_DIGITS - 1)}_${hash}`
}

/**
 * A tool of an MCP server. It is a write, and asks, unless the user's own file says
 * that it only reads: what a server says about its tools is a hint, not a promise.
 */
function adaptMcpTool(
  { server, readOnly, name, description, schema, call }: McpTool,
  calledHere: string,
): AgentTool {
  // The tool's own words name other tools of its server, which the model knows by other names.
  const about = calledHere === `${server}__${name}` ? description : `${name} of ${server}: ${description}`
  return {
    name: calledHere,
    description: about.slice(0, 2_000),
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
