import { join, resolve } from 'node:path'
import { quoteShellCommand, quoteShellWord } from '#kit/console/shell'
import { SERVER } from './server.ts'

export interface Connection {
  /** Of this repo. */
  directory: string
  notes: string
  readOnly: boolean
  /** Where the server is reached; undefined: the client starts it itself. */
  http: string | undefined
}

/** What to put where, so that a client starts or reaches this server. Paths are absolute: clients start programs in a directory of their own. */
export function clientConfigurations(connection: Connection): string {
  return connection.http === undefined ? overStdio(connection) : overHttp(connection.http)
}

/** Where a client gets a token from: its own environment, so that none stands in a file. */
const TOKEN = 'NOTES_TOKEN'

function overStdio({ directory, notes, readOnly }: Connection): string {
  const main = join(directory, 'dist/src/main.js')
  const args = [main, 'stdio', '--notes', resolve(directory, notes), ...(readOnly ? ['--read-only'] : [])]
  const started = { command: process.execPath, args }
  return page([
    [
      'Claude Desktop: Settings > Developer > Edit Config (claude_desktop_config.json)',
      json({ mcpServers: { [SERVER.name]: started } }),
    ],
    [
      'Claude Code: in a terminal',
      `claude mcp add ${SERVER.name} -- ${quoteShellCommand([started.command, ...args])}`,
    ],
    [
      'Cursor: .cursor/mcp.json of a project, or ~/.cursor/mcp.json',
      json({ mcpServers: { [SERVER.name]: started } }),
    ],
    ['VS Code: .vscode/mcp.json', json({ servers: { [SERVER.name]: { type: 'stdio', ...started } } })],
  ])
}

function overHttp(url: string): string {
  const bridge = {
    command: 'npx',
    args: ['mcp-remote', url, '--header', `Authorization: Bearer \${${TOKEN}}`],
  }
  const input = { type: 'promptString', id: 'notes-token', description: 'Token for notes', password: true }
  // VS Code asks for it and keeps it in its secret storage.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in, not we
  const server = { type: 'http', url, headers: { Authorization: 'Bearer ${input:notes-token}' } }
  return page([
    [
      'Claude Desktop: Settings > Connectors > Add custom connector; or, with a token, claude_desktop_config.json',
      json({ mcpServers: { [SERVER.name]: bridge } }),
    ],
    [
      'Claude Code: in a terminal',
      `claude mcp add --transport http ${SERVER.name} ${quoteShellWord(url)} --header "Authorization: Bearer $${TOKEN}"`,
    ],
    [
      'Cursor: .cursor/mcp.json',
      json({ mcpServers: { [SERVER.name]: { url, headers: { Authorization: `Bearer \${env:${TOKEN}}` } } } }),
    ],
    ['VS Code: .vscode/mcp.json', json({ inputs: [input], servers: { [SERVER.name]: server } })],
  ])
}

function page(sections: readonly (readonly [string, string])[]): string {
  return sections.map(([title, text]) => `# ${title}\n\n${text}\n`).join('\n')
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
