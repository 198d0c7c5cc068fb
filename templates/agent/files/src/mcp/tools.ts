import type { JSONObject, JSONSchema7 } from '@ai-sdk/provider'
import type { Client } from '@modelcontextprotocol/client'
import { jsonSchema } from 'ai'
import * as z from 'zod'
import { isRecord } from '#kit/console/json'
import { type AgentTool, type PreparedCall, ToolError } from '../tools/tool.ts'
import { matches } from '../tools/toolbox.ts'

const TIMEOUT_MS = 30_000
const schemaOf = z.custom<JSONSchema7>(isRecord)
const argumentsOf = z.record(z.string(), z.json())

/** The tools of a server. A tool is a write unless the user has said that it only reads: what a server says about its own tools is a hint and no promise. */
export async function mcpTools(
  server: string,
  client: Client,
  readOnly: readonly string[],
): Promise<AgentTool[]> {
  const { tools } = await client.listTools()
  return tools.map((tool) => ({
    name: `${server}__${tool.name}`.replaceAll(/[^\w-]/g, '_').slice(0, 64),
    description: (tool.description ?? tool.title ?? tool.name).slice(0, 2_000),
    schema: jsonSchema(schemaOf.parse(tool.inputSchema)),
    effect: readOnly.some((pattern) => matches(pattern, tool.name)) ? ('read' as const) : ('write' as const),
    // A server knows no key of ours: what was interrupted is not tried again.
    idempotent: false,
    timeoutMs: TIMEOUT_MS,
    prepare: (input: unknown) => prepared(client, tool.name, input),
  }))
}

/** The server checks the arguments against its own schema; its complaint goes to the model. */
function prepared(client: Client, name: string, raw: unknown): PreparedCall {
  const { success, data } = argumentsOf.safeParse(raw)
  if (!success) throw new ToolError('The arguments do not fit: an object is wanted')
  const input: JSONObject = data
  const run: PreparedCall['run'] = async ({ signal }) => {
    const result = await client.callTool({ name, arguments: data }, { signal, timeout: TIMEOUT_MS })
    const text = result.content
      .map((part) => (part.type === 'text' ? part.text : `(${part.type})`))
      .join('\n')
    if (result.isError) throw new ToolError(text || 'The server says that it failed, and not why')
    return text || JSON.stringify(result.structuredContent ?? {})
  }
  return { input, run }
}
