import { expect, it } from 'vitest'
import { renderClientConfigurations } from '#kit/mcp/connect'

const sections = (text: string) =>
  text
    .split(/^# /m)
    .slice(1)
    .map((section) => section.slice(section.indexOf('\n')).trim())

const base = {
  server: 'notes',
  directory: "/home/me/it's mine",
  notes: 'notes-sample',
  readOnly: false,
  http: undefined,
}

it('names a program and notes that are there from any directory', () => {
  const [desktop = '', code = '', cursor = '', vscode = ''] = sections(renderClientConfigurations(base))
  const args = [`${base.directory}/dist/src/main.js`, 'stdio', '--notes', `${base.directory}/notes-sample`]
  const started = { command: process.execPath, args }
  expect(JSON.parse(desktop)).toEqual({ mcpServers: { notes: started } })
  expect(JSON.parse(cursor)).toEqual({ mcpServers: { notes: started } })
  expect(JSON.parse(vscode)).toEqual({ servers: { notes: { type: 'stdio', ...started } } })
  expect(code).toBe(
    `claude mcp add notes -- ${process.execPath} '/home/me/it'\\''s mine/dist/src/main.js' stdio --notes '/home/me/it'\\''s mine/notes-sample'`,
  )
})

it('gives Claude Desktop the header in an environment of its own, without a space in an argument', () => {
  const render = (platform: NodeJS.Platform) =>
    JSON.parse(
      sections(renderClientConfigurations({ ...base, http: 'https://notes.example.com/mcp', platform }))[0] ??
        '',
    ).mcpServers.notes
  const unix = render('darwin')
  expect(unix).toMatchObject({ command: 'npx', env: { AUTH_HEADER: expect.stringMatching(/^Bearer \S+$/) } })
  expect(unix.args.at(-1)).toBe(['Authorization:$', '{AUTH_HEADER}'].join(''))
  expect(unix.args.filter((arg: string) => arg.includes(' '))).toEqual([])
  expect(render('win32')).toEqual({ ...unix, command: 'cmd', args: ['/c', 'npx', ...unix.args] })
})

it('keeps tokens out of files', () => {
  const text = renderClientConfigurations({
    ...base,
    http: 'https://notes.example.com/mcp',
    platform: 'linux',
  })
  const [desktop = '', code = '', cursor = '', vscode = ''] = sections(text)
  for (const one of [desktop, cursor, vscode])
    expect(JSON.stringify(JSON.parse(one))).toContain('https://notes.example.com/mcp')
  expect(code).toContain(
    '--transport http notes https://notes.example.com/mcp --header "Authorization: Bearer $NOTES_TOKEN"',
  )
  expect(JSON.parse(cursor).mcpServers.notes.headers).toEqual({ Authorization: `Bearer \${env:NOTES_TOKEN}` })
})

it('leaves out the tool that writes when asked to', () => {
  expect(renderClientConfigurations({ ...base, readOnly: true })).toContain('"--read-only"')
})
