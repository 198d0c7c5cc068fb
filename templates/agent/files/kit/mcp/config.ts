import * as z from 'zod'
import type { Env } from '#kit/console/env'
import { InputError } from '#kit/console/errors'
import { readDocuments } from '#kit/console/input'
import { parseJson } from '#kit/console/json'
import type { Io } from '#kit/console/process'

const common = {
  /**
   * Names or patterns of tools that only read: they run without asking. What a server says about its own
   * tools does not count.
   */
  readOnly: z.array(z.string()).default([]),
}
const stdioServer = z.strictObject({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  ...common,
})
const httpServer = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  ...common,
})
const config = z.strictObject({
  mcpServers: z.record(
    z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'a short name in lower case'),
    z.union([stdioServer, httpServer]),
  ),
})
export type McpServers = z.infer<typeof config>['mcpServers']

/**
 * Reads the servers of a file in the format that other clients use; `${NAME}` becomes the variable's value.
 * Throws `InputError`.
 */
export async function readMcpConfig(
  path: string,
  env: Env,
  io: Pick<Io, 'stdin' | 'signal'>,
): Promise<McpServers> {
  const [file] = await readDocuments([path], io.stdin, io.signal)
  const { success, data, error } = config.safeParse(parseJson(file?.text ?? ''))
  if (!success) {
    const issues = error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new InputError(
      `${path} is not a list of MCP servers: ${issues.join('; ')}`,
      'See mcp.example.json.',
    )
  }
  return Object.fromEntries(
    Object.entries(data.mcpServers).map(([name, server]) => [name, fillServer(server, path, env)]),
  )
}

function fillServer(server: McpServers[string], path: string, env: Env): McpServers[string] {
  const values = (record: Record<string, string>) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fillValue(value, path, env)]))
  if ('url' in server) return { ...server, headers: values(server.headers) }
  return { ...server, env: values(server.env) }
}

function fillValue(value: string, path: string, env: Env): string {
  return value.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const found = env[name]
    if (found) return found
    throw new InputError(`${path} wants ${name}, which is not set`, 'Set it in .env.')
  })
}
