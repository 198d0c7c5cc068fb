import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
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
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { InputError, UsageError } from '#kit/console/errors'
import { root, useProgram } from '#kit/testing/program'
import { openSession } from '../src/session.ts'

useProgram() // builds what the child processes below import
const base = mkdtempSync(join(tmpdir(), 'sessions-'))
afterAll(() => rmSync(base, { recursive: true }))

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(base, 'run-'))
})

const said = (text: string) => [{ role: 'user' as const, content: text }]
const sessions = () => readdirSync(join(directory, '.sessions')).sort()

/** Another process that opens the session "work" and then runs `code`. */
function other(code: string): ChildProcess {
  const script = `
    const { openSession } = await import(${JSON.stringify(join(root, 'dist/src/session.js'))})
    const session = await openSession(${JSON.stringify(directory)}, 'work')
    ${code}`
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
}

describe('a session', () => {
  it('is resumed as it was left', async () => {
    const first = await openSession(directory, 'work')
    first.conversation.turns.push(said('My boat is called Selkie.'))
    first.conversation.memory = '- a line'
    await first.save()
    await first.close()
    const second = await openSession(directory, 'work')
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
    await expect(openSession(directory, name)).rejects.toThrow(UsageError)
    expect(existsSync(join(directory, '.sessions'))).toBe(false)
  })

  it('is not read through a link to elsewhere', async () => {
    mkdirSync(join(directory, '.sessions'))
    writeFileSync(join(directory, 'elsewhere.json'), '{}')
    symlinkSync(join(directory, 'elsewhere.json'), join(directory, '.sessions/work.json'))
    await expect(openSession(directory, 'work')).rejects.toThrow('cannot be read')
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
  ])('that is %s is named and left as it is', async (_, content) => {
    mkdirSync(join(directory, '.sessions'))
    const path = join(directory, '.sessions/work.json')
    writeFileSync(path, content)
    await expect(openSession(directory, 'work')).rejects.toThrow(
      'cannot be resumed'.replace('cannot', 'not a session that can'),
    )
    expect(readFileSync(path, 'utf8')).toBe(content)
    expect(sessions()).toEqual(['work.json'])
  })

  it('is saved as a copy under a free name only', async () => {
    const session = await openSession(directory, 'work')
    session.conversation.turns.push(said('Hello'))
    await session.saveCopy('copy')
    await expect(session.saveCopy('copy')).rejects.toThrow('already')
    await expect(session.saveCopy('work')).rejects.toThrow(InputError)
    await session.close()
    expect(sessions()).toEqual(['copy.json'])
  })
})

describe('two chats', { timeout: 20_000 }, () => {
  it('cannot have one session open, so no turn is lost', async () => {
    const child = other(`process.stdout.write('open'); setInterval(() => {}, 1000)`)
    await once(child.stdout ?? child, 'data')
    await expect(openSession(directory, 'work')).rejects.toThrow(
      `open in another chat (process ${child.pid})`,
    )
    await (await openSession(directory, 'another')).close()
    child.kill('SIGKILL')
    await once(child, 'close')
    await (await openSession(directory, 'work')).close()
    expect(sessions()).toEqual([])
  })

  it('that both find the lock of a crashed one do not both take it over', async () => {
    mkdirSync(join(directory, '.sessions'))
    const gone = spawn(process.execPath, ['-e', ''])
    await once(gone, 'close')
    for (let round = 0; round < 20; round++) {
      writeFileSync(
        join(directory, '.sessions/work.json.lock'),
        `${gone.pid} ${crypto.randomUUID()} ${hostname()}`,
      )
      const attempts = await Promise.allSettled(
        Array.from({ length: 30 }, () => openSession(directory, 'work')),
      )
      const opened = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? attempt.value : []))
      expect(opened).toHaveLength(1)
      await opened[0]?.close()
    }
  })
})

describe('a crash while saving', { timeout: 30_000 }, () => {
  it('leaves the old session or the new one, never a part', async () => {
    const save = `
      for (let i = 1; ; i++) {
        session.conversation.turns = Array.from({ length: 400 }, () => [{ role: 'user', content: String(i).repeat(50) }])
        await session.save()
        if (i === 1) process.stdout.write('saved')
      }`
    for (const delayMs of [0, 3, 7, 12, 18]) {
      const child = other(save)
      await once(child.stdout ?? child, 'data')
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      child.kill('SIGKILL')
      await once(child, 'close')
      const { conversation, close } = await openSession(directory, 'work')
      await close()
      expect(conversation.turns).toHaveLength(400)
      expect(new Set(conversation.turns.map(([message]) => message?.content)).size).toBe(1)
    }
  })
})
