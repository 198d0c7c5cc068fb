import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openSession } from '#kit/chat/session'
import { InputError, UsageError } from '#kit/console/errors'
import { conversationSchema, startConversation } from '../../../src/conversation.ts'

const format = { schema: conversationSchema, start: startConversation }
const base = mkdtempSync(join(tmpdir(), 'sessions-'))
afterAll(() => rmSync(base, { recursive: true }))

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(base, 'run-'))
})

const said = (text: string) => [{ role: 'user' as const, content: text }]
const sessions = () => readdirSync(join(directory, '.sessions')).sort()

describe('a session', () => {
  it('is resumed as it was left', async () => {
    const first = await openSession(directory, 'work', format)
    first.conversation.turns.push(said('My boat is called Selkie.'))
    first.conversation.memory = '- a line'
    await first.save()
    await first.close()
    const second = await openSession(directory, 'work', format)
    expect(second.conversation).toEqual({
      turns: [said('My boat is called Selkie.')],
      folded: 0,
      memory: '- a line',
    })
    await second.close()
    expect(sessions()).toEqual(['work.json'])
  })

  it.each([
    '..',
    '../work',
    'a/b',
    'a\\b',
    '/etc/passwd',
    '~',
    '%2e%2e',
    'WORK',
    'work.json',
    'a\0b',
    '',
    '.',
    '-rf',
    'n'.repeat(300),
    'con:',
    'a\nb',
  ])('cannot be called %j', async (name) => {
    await expect(openSession(directory, name, format)).rejects.toThrow(UsageError)
    expect(existsSync(join(directory, '.sessions'))).toBe(false)
  })

  it('is not read through a link to elsewhere', async () => {
    mkdirSync(join(directory, '.sessions'))
    writeFileSync(join(directory, 'elsewhere.json'), '{}')
    symlinkSync(join(directory, 'elsewhere.json'), join(directory, '.sessions/work.json'))
    await expect(openSession(directory, 'work', format)).rejects.toThrow('cannot be read')
  })

  it.each([
    ['cut off', '{"schema": "chat-session.v1", "tur'],
    ['of another version', '{"schema":"chat-session.v9","turns":[],"folded":0,"memory":""}'],
    [
      'with half of a tool pair',
      JSON.stringify({
        schema: 'chat-session.v1',
        folded: 0,
        memory: '',
        turns: [
          [
            ...said('a'),
            {
              role: 'tool',
              content: [
                {
                  type: 'tool-result',
                  toolCallId: '1',
                  toolName: 'read_note',
                  output: { type: 'text', value: 'x' },
                },
              ],
            },
          ],
        ],
      }),
    ],
    ['that remembers more than was said', '{"schema":"chat-session.v1","turns":[],"folded":3,"memory":""}'],
  ])('that is %s is named and left unchanged', async (_, content) => {
    mkdirSync(join(directory, '.sessions'))
    const path = join(directory, '.sessions/work.json')
    writeFileSync(path, content)
    await expect(openSession(directory, 'work', format)).rejects.toThrow('not a session that can be resumed')
    expect(readFileSync(path, 'utf8')).toBe(content)
    expect(sessions()).toEqual(['work.json'])
  })

  it('is saved as a copy under a free name only', async () => {
    const session = await openSession(directory, 'work', format)
    session.conversation.turns.push(said('Hello'))
    await session.saveCopy('copy')
    await expect(session.saveCopy('copy')).rejects.toThrow('already')
    await expect(session.saveCopy('work')).rejects.toThrow(InputError)
    await session.close()
    expect(sessions()).toEqual(['copy.json'])
  })
})
