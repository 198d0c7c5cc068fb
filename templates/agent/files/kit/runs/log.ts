import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type * as z from 'zod'
import { InputError } from '#kit/console/errors'
import { parseJson } from '#kit/console/json'
import { takeLock } from '#kit/console/lock'
import { hideSecretsIn } from '#kit/llm/secrets'

export type RunId = string

const ID = /^\d{8}-\d{6}-[\da-f]{6}$/

/** `20260309-142611-1f0c9a`: the names of runs sort by time. */
export function makeRunId(now: Date): RunId {
  const [date = '', time = ''] = now.toISOString().split('T')
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(3).toString('hex')}`
}

/** The names of all runs, newest first. */
export async function listRuns(directory: string): Promise<RunId[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const runs = names.filter((name) => name.endsWith('.jsonl')).map((name) => name.slice(0, -'.jsonl'.length))
  return runs
    .filter((run) => ID.test(run))
    .sort()
    .reverse()
}

/** One event of a log: a line of JSON. The first event of every run is `started`. */
interface Event {
  type: string
}

/**
 * The events of a run. A last line that was cut off never counted. Throws `InputError` for a name that is not
 * a run's (it may come from a request), when there is no such run, or when its log is broken elsewhere.
 */
export async function readRun<E extends Event>(
  directory: string,
  run: RunId,
  schema: z.ZodType<E>,
): Promise<E[]> {
  return (await readLog(locate(directory, run), schema)).events
}

function locate(directory: string, run: RunId): string {
  if (ID.test(run)) return join(directory, `${run}.jsonl`)
  throw new InputError(`"${run}" is not the name of a run`, 'npm run runs lists them.')
}

async function readLog<E extends Event>(
  path: string,
  schema: z.ZodType<E>,
): Promise<{ events: E[]; bytes: number }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new InputError(`There is no run at ${path}`, 'npm run runs lists them.')
  })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = whole.split('\n').slice(0, -1)
  const events = lines.map((line, index) => {
    const { success, data } = schema.safeParse(parseJson(line))
    if (success) return data
    throw new InputError(
      `${path}:${index + 1} is not an event of a run`,
      'The log stays unchanged; start a new run.',
    )
  })
  if (events[0]?.type === 'started') return { events, bytes: Buffer.byteLength(whole) }
  throw new InputError(`${path} does not begin with a start`, 'Nothing happened in it; start a new run.')
}

export interface LogOptions<E extends Event> {
  /** The folder of all logs. */
  directory: string
  run: RunId
  schema: z.ZodType<E>
  /** Never written, wherever they turn up. */
  secrets: readonly string[]
}

interface OpenFile<E extends Event> extends Pick<LogOptions<E>, 'schema' | 'secrets'> {
  file: FileHandle
  release: () => Promise<void>
}

/** The log of one run, open for writing by this process alone. */
export class RunLog<E extends Event> {
  readonly events: E[]
  readonly #open: OpenFile<E>
  #last: Promise<unknown> = Promise.resolve()

  private constructor(events: E[], open: OpenFile<E>) {
    this.events = events
    this.#open = open
  }

  /** Creates the log, or opens an existing one. Throws `InputError` while another process has it open. */
  static async open<E extends Event>(options: LogOptions<E>): Promise<RunLog<E>> {
    const { directory, run, schema, secrets } = options
    const path = locate(directory, run)
    await mkdir(directory, { recursive: true })
    const release = await takeLock(`${path}.lock`, {
      taken: `The run ${run} is going on in another process`,
      hint: 'Wait for it, or stop it there',
    })
    try {
      const file = await open(path, 'a', 0o600)
      const about = { file, release, schema, secrets }
      if ((await file.stat()).size === 0) return new RunLog([], about)
      const { events, bytes } = await readLog(path, schema)
      await truncate(path, bytes)
      return new RunLog(events, about)
    } catch (error) {
      await release()
      throw error
    }
  }

  /**
   * Resolves once the event is on the disk, with what a reader of the file gets: this process relies on
   * nothing else either.
   */
  append(event: E): Promise<E> {
    const written = this.#last.then(() => this.#write(event))
    this.#last = written.catch(() => undefined)
    return written
  }

  async close(): Promise<void> {
    await this.#last
    await this.#open.file.close()
    await this.#open.release()
  }

  async #write(event: E): Promise<E> {
    const { file, schema, secrets } = this.#open
    const written = schema.parse(hideSecretsIn(event, secrets))
    await file.appendFile(`${JSON.stringify(written)}\n`)
    await file.datasync()
    this.events.push(written)
    return written
  }
}
