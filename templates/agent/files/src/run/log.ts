import { type FileHandle, mkdir, open, readdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '#kit/console/errors'
import { parseJson } from '#kit/console/json'
import { takeLock } from '#kit/console/lock'
import { type RunEvent, runEvent } from './events.ts'

export type RunId = string

const ID = /^\d{8}-\d{6}-[\da-f]{6}$/

/** Where the log of a run is. Throws `InputError` for what is no run's name: it may come from a request. */
export function pathOf(directory: string, run: RunId): string {
  if (ID.test(run)) return join(directory, `${run}.jsonl`)
  throw new InputError(`"${run}" is not the name of a run`, 'npm run runs lists them.')
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

/** What happened in a run. A last line that is cut off never counted. Throws `InputError` when there is no such run, or its log is broken elsewhere. */
export async function readRun(directory: string, run: RunId): Promise<RunEvent[]> {
  return (await readLog(pathOf(directory, run))).events
}

async function readLog(path: string): Promise<{ events: RunEvent[]; bytes: number }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new InputError(`There is no run at ${path}`, 'npm run runs lists them.')
  })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = whole.split('\n').slice(0, -1)
  const events = lines.map((line, index) => {
    const { success, data } = runEvent.safeParse(parseJson(line))
    if (success) return data
    throw new InputError(
      `${path}:${index + 1} is not an event of a run`,
      'The log is kept as it is; start a new run.',
    )
  })
  if (events[0]?.type === 'started') return { events, bytes: Buffer.byteLength(whole) }
  throw new InputError(`${path} does not begin with a start`, 'Nothing happened in it; start a new run.')
}

/** The log of one run, open for writing by this process alone. */
export class RunLog {
  readonly events: RunEvent[]
  readonly #file: FileHandle
  readonly #release: () => Promise<void>
  readonly #secrets: readonly string[]
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    events: RunEvent[],
    {
      file,
      release,
      secrets,
    }: { file: FileHandle; release: () => Promise<void>; secrets: readonly string[] },
  ) {
    this.events = events
    this.#file = file
    this.#release = release
    this.#secrets = secrets
  }

  /** A new one, or that of a run that is there. `secrets` are never written, wherever they turn up. */
  static async open(directory: string, run: RunId, secrets: readonly string[]): Promise<RunLog> {
    const path = pathOf(directory, run)
    await mkdir(directory, { recursive: true })
    const release = await takeLock(`${path}.lock`, {
      taken: `The run ${run} is going on in another process`,
      hint: 'Wait for it, or stop it there',
    })
    try {
      const file = await open(path, 'a', 0o600)
      if ((await file.stat()).size === 0) return new RunLog([], { file, release, secrets })
      const { events, bytes } = await readLog(path)
      await truncate(path, bytes)
      return new RunLog(events, { file, release, secrets })
    } catch (error) {
      await release()
      throw error
    }
  }

  /** Resolves when the event is on the disk, to what a reader of the file gets: this process builds on nothing else either. */
  append(event: RunEvent): Promise<RunEvent> {
    const written = this.#last.then(() => this.#write(event))
    this.#last = written.catch(() => undefined)
    return written
  }

  async close(): Promise<void> {
    await this.#last
    await this.#file.close()
    await this.#release()
  }

  async #write(event: RunEvent): Promise<RunEvent> {
    const line = this.#secrets.reduce(
      (text, secret) => text.replaceAll(secret, '[redacted]'),
      JSON.stringify(event),
    )
    const written = runEvent.parse(JSON.parse(line))
    await this.#file.appendFile(`${line}\n`)
    await this.#file.datasync()
    this.events.push(written)
    return written
  }
}
