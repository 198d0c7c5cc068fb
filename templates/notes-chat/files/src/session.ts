import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { type ModelMessage, modelMessageSchema } from 'ai'
import * as z from 'zod'
import { InputError, UsageError } from '#kit/console/errors'
import { parseJson } from '#kit/console/json'
import { takeLock } from '#kit/console/lock'
import { replaceFile } from '#kit/console/replace-file'
import type { Conversation } from './chat.ts'

const FOLDER = '.sessions'
const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/

const LOCKED = {
  taken: 'This session is open in another chat',
  hint: 'Close it there, or choose another session',
}

const turn = z
  .array(modelMessageSchema)
  .refine((messages) => messages[0]?.role === 'user', 'must start with the user')
  .refine(hasWholePairs, 'must hold every tool call with its result')
const sessionFile = z
  .strictObject({
    schema: z.literal('chat-session.v1'),
    turns: z.array(turn),
    folded: z.int().nonnegative(),
    memory: z.string(),
  })
  .refine(({ folded, turns }) => folded <= turns.length, 'folded must not be more than there are turns')

/** A conversation on disk, open in this process only. */
export interface Session {
  name: string
  conversation: Conversation
  isNew: boolean
  /** Replaces the file as a whole: after a crash it holds this conversation or the one before, never a part. */
  save(): Promise<void>
  /** Saves the conversation as it is now under another name, which must be free. */
  saveCopy(name: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens or begins `.sessions/<name>.json` below `directory`. Throws `UsageError` for a bad name, `InputError` when it is
 * open elsewhere or damaged.
 */
export async function openSession(directory: string, name: string): Promise<Session> {
  const path = pathOf(directory, name)
  await mkdir(join(directory, FOLDER), { recursive: true, mode: 0o700 })
  const close = await takeLock(`${path}.lock`, LOCKED)
  try {
    const found = await readSession(path)
    const conversation = found ?? { turns: [], folded: 0, memory: '' }
    return {
      ...{ name, conversation, isNew: found === undefined, close },
      save: () => writeSession(path, conversation),
      saveCopy: (other) => saveNew(directory, other, conversation),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** For a single question: a conversation that is gone afterwards. */
export function unsavedSession(): Session {
  const nothing = async () => {}
  const conversation = { turns: [], folded: 0, memory: '' }
  return { name: '', conversation, isNew: true, save: nothing, saveCopy: nothing, close: nothing }
}

/** A name that nobody else has, made of the time. */
export function newSessionName(now: Date): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}-${randomUUID().slice(0, 4)}`
}

async function saveNew(directory: string, name: string, conversation: Conversation): Promise<void> {
  const other = await openSession(directory, name)
  try {
    if (!other.isNew) throw new UsageError(`There is a session "${name}" already`, 'Choose another name.')
    await writeSession(pathOf(directory, name), conversation)
  } finally {
    await other.close()
  }
}

/** Lower case only: on some disks, two names that differ in case are one file. */
function pathOf(directory: string, name: string): string {
  if (NAME.test(name)) return join(directory, FOLDER, `${name}.json`)
  const hint = 'Use up to 64 of a-z, 0-9, _ and -, with a letter or digit at both ends.'
  throw new UsageError(`"${name.slice(0, 80)}" cannot be the name of a session`, hint)
}

async function readSession(path: string): Promise<Conversation | undefined> {
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  const parsed = sessionFile.safeParse(parseJson(text))
  if (parsed.success) {
    const { schema: _, ...conversation } = parsed.data
    return conversation
  }
  const [issue] = parsed.error.issues
  const problem = `${path} is not a session that can be resumed (${issue?.path.join('.')}: ${issue?.message})`
  throw new InputError(problem, 'It is left as it is. Choose another session name, or repair the file.')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    return await file.readFile('utf8').finally(() => file.close())
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    throw new InputError(`${path} cannot be read (${code})`, 'It must be a regular file of your own.')
  }
}

function writeSession(path: string, conversation: Conversation): Promise<void> {
  const text = JSON.stringify({ schema: 'chat-session.v1', ...conversation }, null, 2)
  return replaceFile(path, `${text}\n`, { mode: 0o600 })
}

/** Every tool call has its result and every result its call: a model's API refuses anything else. */
function hasWholePairs(messages: readonly ModelMessage[]): boolean {
  const calls: string[] = []
  const results: string[] = []
  for (const { role, content } of messages) {
    if (role !== 'assistant' && role !== 'tool') continue
    for (const part of typeof content === 'string' ? [] : content) {
      if (part.type === 'tool-call') calls.push(part.toolCallId)
      if (part.type === 'tool-result') results.push(part.toolCallId)
    }
  }
  return calls.sort().join(' ') === results.sort().join(' ')
}
