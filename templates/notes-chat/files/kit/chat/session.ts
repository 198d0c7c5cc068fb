import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type * as z from 'zod'
import { InputError, UsageError } from '#kit/console/errors'
import { isRecord, parseJson } from '#kit/console/json'
import { takeLock } from '#kit/console/lock'
import { replaceFile } from '#kit/console/replace-file'

const FOLDER = '.sessions'
const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/

const LOCKED = {
  taken: 'This session is open in another chat',
  hint: 'Close it there, or choose another session',
}

const VERSION = 'chat-session.v1'

/** How a conversation is started and what a saved one must look like. */
export interface Format<C> {
  schema: z.ZodType<C>
  start(): C
}

/** A conversation on disk, open in this process only. */
export interface Session<C = unknown> {
  name: string
  conversation: C
  isNew: boolean
  /**
   * Replaces the file as a whole: after a crash it holds this conversation or the one before, never a part.
   */
  save(): Promise<void>
  /** Saves the conversation under another name. Throws `UsageError` when a session has that name. */
  saveCopy(name: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens or begins `.sessions/<name>.json` below `directory`. Throws `UsageError` for a bad name, `InputError`
 * when another process has it open or the file is damaged.
 */
export async function openSession<C>(
  directory: string,
  name: string,
  format: Format<C>,
): Promise<Session<C>> {
  const path = resolvePath(directory, name)
  await mkdir(join(directory, FOLDER), { recursive: true, mode: 0o700 })
  const close = await takeLock(`${path}.lock`, LOCKED)
  try {
    const found = await readSession(path, format)
    const conversation = found ?? format.start()
    return {
      ...{ name, conversation, isNew: found === undefined, close },
      save: () => writeSession(path, conversation),
      saveCopy: async (other) => {
        const copy = await openSession(directory, other, { ...format, start: () => conversation })
        try {
          if (!copy.isNew)
            throw new UsageError(`There is a session "${other}" already`, 'Choose another name.')
          await copy.save()
        } finally {
          await copy.close()
        }
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The session that the options name, a new one for a conversation, and for a single question one that is
 * never saved.
 */
export async function openSessionFor<C>(
  { session, ask }: { session: string | undefined; ask: string | undefined },
  directory: string,
  format: Format<C>,
): Promise<Session<C>> {
  if (session !== undefined) return openSession(directory, session, format)
  return ask === undefined
    ? openSession(directory, createName(new Date()), format)
    : createUnsavedSession(format)
}

function createUnsavedSession<C>(format: Format<C>): Session<C> {
  const nothing = async () => {}
  return {
    name: '',
    conversation: format.start(),
    isNew: true,
    save: nothing,
    saveCopy: nothing,
    close: nothing,
  }
}

/** A unique name, made of the time. */
function createName(now: Date): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}-${randomUUID().slice(0, 4)}`
}

/** Lower case only: on some disks, names that differ only in case are one file. */
function resolvePath(directory: string, name: string): string {
  if (NAME.test(name)) return join(directory, FOLDER, `${name}.json`)
  const hint = 'Use up to 64 of a-z, 0-9, _ and -, with a letter or digit at both ends.'
  throw new UsageError(`"${name.slice(0, 80)}" cannot be the name of a session`, hint)
}

async function readSession<C>(path: string, { schema }: Format<C>): Promise<C | undefined> {
  const text = await readSessionFile(path)
  if (text === undefined) return undefined
  const content = parseJson(text)
  const { schema: version, ...conversation } = isRecord(content) ? content : {}
  const parsed = schema.safeParse(conversation)
  if (version === VERSION && parsed.success) return parsed.data
  const [issue] = parsed.error?.issues ?? []
  const reason = version === VERSION ? `${issue?.path.join('.')}: ${issue?.message}` : `it is no ${VERSION}`
  const hint = 'Nothing was changed. Choose another session name, or repair the file.'
  throw new InputError(`${path} is not a session that can be resumed (${reason})`, hint)
}

async function readSessionFile(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    return await file.readFile('utf8').finally(() => file.close())
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    throw new InputError(`${path} cannot be read (${code})`, 'It must be a regular file that you may read.')
  }
}

function writeSession(path: string, conversation: unknown): Promise<void> {
  const text = JSON.stringify({ schema: VERSION, ...Object(conversation) }, null, 2)
  return replaceFile(path, `${text}\n`, { mode: 0o600 })
}
