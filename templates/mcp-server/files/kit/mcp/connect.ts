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
  /** Of the machine that the client runs on. */
  platform?: NodeJS.Platform
}

/**
 * Renders what to put into which file, so that a client starts or reaches this server. Paths are absolute: a
 * client starts programs in its own directory.
 */
export function renderClientConfigurations(connection: Connection): string {
  return connection.http === undefined
    ? renderStdio(connection)
    : renderHttp(connection.server, connection.http, connection.platform ?? process.platform)
}

/** The client reads the token from this variable of its environment, so no file contains it. */
const TOKEN = 'NOTES_TOKEN'
/** Claude Desktop hands a server only the environment that its own file gives. */
const BEARER = 'Bearer PASTE-THE-TOKEN-HERE'

/**
 * mcp-remote fills `${AUTH_HEADER}` in itself. Without a space in the argument, since Claude Desktop on Windows
 * and Cursor split arguments at spaces (README of mcp-remote). On Windows npx is a script, which a program
 * starts through cmd (Claude Code's documentation of MCP).
 */
function describeBridge(url: string, platform: NodeJS.Platform) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: mcp-remote fills it in
  const args = ['-y', 'mcp-remote', url, '--header', 'Authorization:${AUTH_HEADER}']
  const program =
    platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...args] } : { command: 'npx', args }
  return { ...program, env: { AUTH_HEADER: BEARER } }
}

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

function renderHttp(name: string, url: string, platform: NodeJS.Platform): string {
  const bridge = describeBridge(url, platform)
  // In a terminal on Windows, PowerShell has its own form of variables.
  const token = platform === 'win32' ? `$env:${TOKEN}` : `$${TOKEN}`
  const input = { type: 'promptString', id: 'notes-token', description: 'Token for notes', password: true }
  // VS Code asks for the token and keeps it in its secret storage.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in
  const server = { type: 'http', url, headers: { Authorization: 'Bearer ${input:notes-token}' } }
  return joinSections([
    [
      'Claude Desktop: Settings > Connectors > Add custom connector; or, with a token, claude_desktop_config.json, which then holds the token',
      toJson({ mcpServers: { [name]: bridge } }),
    ],
    [
      'Claude Code: in a terminal',
      `claude mcp add --transport http ${name} ${quoteShellWord(url)} --header "Authorization: Bearer ${token}"`,
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
