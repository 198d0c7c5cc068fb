import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterAll, describe, expect, it } from 'vitest'
import { InputError, UsageError } from '#kit/console/errors'
import { run } from '../src/cli.ts'
import { writeNotes } from './notes.ts'

const directory = mkdtempSync(join(tmpdir(), 'chat-'))
afterAll(() => rmSync(directory, { recursive: true }))

const notes = join(directory, 'notes')
writeNotes(notes)
const glossary = join(notes, 'glossary.md')

async function chat(args: readonly string[], input = '', env: Record<string, string> = {}) {
  const output = { stdout: '', stderr: '' }
  const into = (name: keyof typeof output) =>
    new Writable({
      write(chunk, _, done) {
        output[name] += chunk
        done()
      },
    })
  const signal = new AbortController().signal
  const io = {
    env,
    directory,
    stdin: Readable.from([input]),
    stdout: into('stdout'),
    stderr: into('stderr'),
    signal,
  }
  const error = await run(args, io).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { ...output, error }
}

describe('a folder of notes', () => {
  it('does not answer what does not stand in it', async () => {
    const { stdout, error } = await chat([notes, '--ask', 'Who won the election?'])
    expect({ stdout, error }).toEqual({ stdout: 'Not in your notes.\n', error: undefined })
  })

  it('is answered from in one JSON document', async () => {
    const { stdout } = await chat([notes, '--ask', 'Who is allergic to nuts?', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'chat-answer.v1',
      provider: 'heuristic',
      cited: ['offsite.md'],
      unknown: [],
      budget: { window: 8_192, history: 0 },
      usage: { calls: 1, costUsd: 0 },
    })
  })

  it('is compacted in a small window, and every request fits', async () => {
    const lines = [
      'I am on call until 18 November and my pager code is 4471.',
      'How long are logs kept?',
      'Who is allergic to nuts?',
      'What is the target for dwell time?',
      'How many depots are there?',
      'When do deploys go out?',
      'Which port does the primary listen on?',
      'What is my pager code?',
    ]
    const { stdout, stderr } = await chat([notes, '--json'], lines.join('\n'), { AI_CONTEXT_WINDOW: '1200' })
    const replies: { answer: string; budget: { free: number } }[] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(stderr).toContain('compacted: ')
    expect(replies).toHaveLength(lines.length)
    expect(Math.min(...replies.map(({ budget }) => budget.free))).toBeGreaterThanOrEqual(0)
    expect(replies.at(-1)?.answer).toContain('4471')
  })
})

describe('one note', () => {
  it('is enough to chat about; there is nothing to tell apart, so nothing is named', async () => {
    const { stdout, stderr, error } = await chat([glossary, '--ask', 'How many depots are there?'])
    expect(error).toBeUndefined()
    expect(stdout).toMatch(/^\*\*Depot\*\*: the place where parcels are sorted\. There are 19 of them\.\n/)
    expect(stdout).not.toContain('[')
    expect(stderr).toContain('notes: glossary.md')
  })
})

describe('the command line', () => {
  it.each([
    ['no notes', [], UsageError, 'Name the folder'],
    ['two folders', ['a', 'b'], UsageError, 'Only one folder'],
    ['a missing folder', ['missing'], InputError, 'does not exist'],
    ['an empty question', [glossary, '--ask', ' '], UsageError, '--ask needs'],
    ['an unknown option', [glossary, '--aks', 'x'], UsageError, '--aks'],
    ['a session name with a path', [glossary, '--session', '../x'], UsageError, 'cannot be the name'],
    ['a free lunch', [glossary, '--max-cost', '0'], UsageError, '--max-cost must be'],
    [
      'a question over the window',
      [glossary, '--ask', 'why '.repeat(6_000)],
      InputError,
      'The question takes',
    ],
  ] as const)('refuses %s', async (_, args, kind, message) => {
    const { error, stdout } = await chat(args)
    expect(error).toBeInstanceOf(kind)
    expect(error).toHaveProperty('message', expect.stringContaining(message))
    expect(stdout).toBe('')
  })

  it('explains itself', async () => {
    expect((await chat(['--help'])).stdout).toContain('--session NAME')
  })
})

describe('a command in the conversation', () => {
  it.each([
    ['/help', /\/budget +show where the tokens/],
    ['/budget', /Nothing was sent yet/],
    ['/history', /No turns yet/],
    ['/notes', /glossary\.md/],
    ['/model', /heuristic, heuristic, context window 8,192/],
    ['/save first', /saved as first/],
  ])('%s', async (line, expected) => {
    const { stderr, stdout, error } = await chat([glossary], line)
    expect(error).toBeUndefined()
    expect(stderr).toMatch(expected)
    expect(stdout).toBe('')
  })

  it.each([
    ['that does not exist', '/nope', 'no command /nope'],
    ['named like a property', '/constructor', 'no command'],
    ['that asks the heuristic provider to be another model', '/model gpt', 'no other model'],
    ['that saves over something', '/save ../x', 'cannot be the name'],
  ])('%s is refused', async (_, line, message) => {
    const { error } = await chat([glossary], line)
    expect(error).toHaveProperty('message', expect.stringContaining(message))
  })

  it('leaves no lock behind, whatever happens', () => {
    expect(readdirSync(join(directory, '.sessions')).filter((name) => !name.endsWith('.json'))).toEqual([])
  })
})
