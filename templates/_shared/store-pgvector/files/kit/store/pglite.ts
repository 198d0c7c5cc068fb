import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import { InputError } from '#kit/console/errors'
import { takeLock } from '#kit/console/lock'
import { StoreError } from '#kit/store/store'
import type { Database, Parameter, Queryable } from './database.ts'
import { toStoreError } from './failure.ts'
import { refuseFullDisk } from './room.ts'

/** PostgreSQL reads only data directories of the same major version. */
export const POSTGRES_MAJOR = '18'

interface Start {
  /** For a single question: starts with less time and memory, but works more slowly. */
  isBrief?: boolean
}

/**
 * Opens PostgreSQL in this process, with its data in a directory that is created if it is missing. It keeps
 * the process alive until it is closed. Two processes would overwrite each other's pages, so a lock next to
 * the directory, `<directory>.lock`, admits only one. Throws a StoreError if the directory is locked or
 * damaged, or is not an index.
 */
export async function openPglite(directory: string, how: Start = {}): Promise<Database> {
  const name = `PGlite in ${directory}`
  try {
    // Private: the database makes its files world-readable, and indexed documents often are not public.
    await mkdir(directory, { recursive: true, mode: 0o700 })
    // Two names of one directory must lead to the same lock.
    const path = await realpath(directory)
    const release = await lockDirectory(path)
    const pglite = await startPglite(path, directory, how).catch(async (error) => {
      await release()
      throw error
    })
    return { ...wrapPglite(pglite, name, release), checkRoom: () => refuseFullDisk(path, name) }
  } catch (error) {
    throw toStoreError(error, name)
  }
}

async function lockDirectory(path: string): Promise<() => Promise<void>> {
  const messages = {
    taken: 'This index is open in another process',
    hint: 'Stop it first (a server, an ingest), or set DATABASE_URL: a PostgreSQL server serves many at once',
  }
  try {
    return await takeLock(`${path}.lock`, messages)
  } catch (error) {
    if (error instanceof InputError) throw new StoreError(error.message, error.hint)
    throw error
  }
}

async function startPglite(path: string, shown: string, how: Start): Promise<PGlite> {
  // The marker is from a process that was killed while it created the directory, so there is no data yet.
  const marker = `${path}.incomplete`
  if ((await readIfPresent(marker)) !== undefined) await empty(path)
  const isNew = (await readdir(path)).length === 0
  if (isNew) {
    await refuseFullDisk(path, `PGlite in ${shown}`)
    await writeFile(marker, '')
  }
  if (!isNew) await checkVersion(path, shown)
  const pglite = await create(path, shown, how)
  await rm(marker, { force: true })
  return pglite
}

async function checkVersion(path: string, shown: string): Promise<void> {
  const version = (await readIfPresent(join(path, 'PG_VERSION')))?.trim()
  if (version === POSTGRES_MAJOR) return
  if (version === undefined)
    throw new StoreError(`${shown} has files in it and is not an index`, 'Choose another directory.')
  throw new StoreError(
    `The index in ${shown} was made by PostgreSQL ${version || '(unknown)'}; this program has PostgreSQL ${POSTGRES_MAJOR}`,
    `Remove ${shown} and ingest again.`,
  )
}

/** The default is 128 MB. */
const BRIEF_BUFFERS = '8MB'

async function create(path: string, shown: string, { isBrief = false }: Start): Promise<PGlite> {
  // Loaded here, so that users of a server, or of --help, do not wait for 27 MB of WebAssembly.
  const [{ PGlite }, { vector }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite-pgvector'),
  ])
  // V8 compiles these 9 MB twice: fast at first, then optimised in the background, too late for one question.
  if (isBrief) setFlagsFromString('--liftoff-only')
  const startParams = [
    ...PGlite.defaultStartParams,
    ...(isBrief ? ['-c', `shared_buffers=${BRIEF_BUFFERS}`] : []),
  ]
  try {
    return await PGlite.create(path, { extensions: { vector }, startParams })
  } catch (error) {
    throw new StoreError(
      `The index in ${shown} cannot be opened: its files are damaged`,
      `Remove ${shown} and ingest again.`,
      { cause: error },
    )
  }
}

/** Adapts a running PGlite to `Database`. Calls `release` once it is closed. */
export function wrapPglite(pglite: PGlite, name: string, release = async () => {}): Database {
  const orStoreError = (error: unknown) => {
    throw toStoreError(error, name)
  }
  const queryable = (on: PGlite | Transaction): Queryable => ({
    query: <Row extends object>(sql: string, parameters: readonly Parameter[] = []) =>
      on.query<Row>(sql, [...parameters]).then(({ rows }) => rows, orStoreError),
  })
  return {
    name,
    ...queryable(pglite),
    async transaction(work) {
      let reason: { of: unknown } | undefined
      const noteReason = (error: unknown) => {
        reason = { of: error }
        throw error
      }
      return pglite
        .transaction((inner) => work(queryable(inner)).catch(noteReason))
        .catch((error) => {
          // Errors of `work` pass unchanged; the others come from beginning and committing.
          throw reason ? reason.of : toStoreError(error, name)
        })
    },
    close: () => pglite.close().catch(orStoreError).finally(release),
  }
}

async function empty(path: string): Promise<void> {
  for (const entry of await readdir(path)) await rm(join(path, entry), { recursive: true })
}

function readIfPresent(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}
