import { expect, it } from 'vitest'
import { parseServerCommand, renderServerHelp } from '#kit/mcp/options'

const SCOPES = ['notes:read', 'notes:write']
const parse = (...args: string[]) => parseServerCommand(args, SCOPES)

it('prints help for no command', () => {
  expect(parse()).toEqual({ name: 'help' })
  expect(parse('serve', '--help')).toEqual({ name: 'help' })
  expect(renderServerHelp(SCOPES)).toContain('allow notes:read or notes:write')
})

it('allows every scope unless one is given', () => {
  expect(parse('token')).toEqual({ name: 'token', client: 'me', scopes: SCOPES, hours: 8 })
  expect(parse('token', '--scope', 'notes:read')).toMatchObject({ scopes: ['notes:read'] })
})

it('takes a query with or without quotes', () => {
  expect(parse('search', 'how long', 'kept')).toMatchObject({ query: 'how long kept', notes: 'notes-sample' })
})

it.each([
  [['sreve'], 'must be stdio, serve, search, connect, token'],
  [['search'], 'Search for something'],
  [['serve', 'x'], 'takes no "x"'],
  [['connect', '--http', 'ftp://x'], '--http takes an address'],
  [['token', '--hours', '0'], '--hours must be'],
  [['token', '--scope', 'all'], '--scope must be'],
])('%j is bad usage', (args, message) => {
  expect(() => parse(...args)).toThrow(message)
})
