import { join, resolve } from 'node:path'
import { quoteShellCommand, quoteShellWord } from '#kit/console/shell'

export interface Connection {
  /** The server's name in the client's configuration. */
  server: string
  /** This repo's. */
  directory: string
  notes: string
  readOnly: boolean
  /** The server's URL; undefined: the client starts the server over stdio. */
  http: string | undefined
}

/**
 * Renders what to put into which file, so that a client starts or reaches this server. Paths are absolute: a
 * client starts programs in its own directory.
 */
export function renderClientConfigurations(connection: Connection): string {
  return connection.http === undefined
    ? renderStdio(connection)
    : renderHttp(connection.server, connection.http)
}

/** The client reads the token from this variable of its environment, so no file contains it. */
const TOKEN = 'NOTES_TOKEN'

function renderStdio({ server, directory, notes, readOnly }: Connection): string {
  const main = join(directory, 'dist/src/main.js')
  const args = [main, 'stdio', '--notes', resolve(directory, notes), ...(readOnly ? ['--read-only'] : [])]
  const started = { command: process.execPath, args }
  return joinSections([
    [
      'Claude Desktop: Settings > Developer > Edit Config (claude_desktop_config.json)',
      toJson({ mcpServers: { [server]: started } }),
    ],
    [
      'Claude Code: in a terminal',
      `claude mcp add ${server} -- ${quoteShellCommand([started.command, ...args])}`,
    ],
    [
      'Cursor: .cursor/mcp.json of a project, or ~/.cursor/mcp.json',
      toJson({ mcpServers: { [server]: started } }),
    ],
    ['VS Code: .vscode/mcp.json', toJson({ servers: { [server]: { type: 'stdio', ...started } } })],
  ])
}

function renderHttp(name: string, url: string): string {
  const bridge = {
    command: 'npx',
    args: ['mcp-remote', url, '--header', `Authorization: Bearer \${${TOKEN}}`],
  }
  const input = { type: 'promptString', id: 'notes-token', description: 'Token for notes', password: true }
  // VS Code asks for the token and keeps it in its secret storage.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in
  const server = { type: 'http', url, headers: { Authorization: 'Bearer ${input:notes-token}' } }
  return joinSections([
    [
      'Claude Desktop: Settings > Connectors > Add custom connector; or, with a token, claude_desktop_config.json',
      toJson({ mcpServers: { [name]: bridge } }),
    ],
    [
      'Claude Code: in a terminal',
      `claude mcp add --transport http ${name} ${quoteShellWord(url)} --header "Authorization: Bearer $${TOKEN}"`,
    ],
    [
      'Cursor: .cursor/mcp.json',
      toJson({ mcpServers: { [name]: { url, headers: { Authorization: `Bearer \${env:${TOKEN}}` } } } }),
    ],
    ['VS Code: .vscode/mcp.json', toJson({ inputs: [input], servers: { [name]: server } })],
  ])
}

function joinSections(sections: readonly (readonly [string, string])[]): string {
  return sections.map(([title, text]) => `# ${title}\n\n${text}\n`).join('\n')
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
