import type { Client, ClientBase, Pool } from 'pg'
import { StoreError } from '#kit/store/store'
import type { Database, Parameter, Queryable } from './database.ts'
import { toStoreError } from './failure.ts'

const CONNECT_MS = 10_000

/**
 * Opens a pool of connections to a PostgreSQL server. `url` is `postgres://user:password@host:5432/database`,
 * as in DATABASE_URL. Throws a StoreError if it is invalid.
 */
export async function openPostgres(url: string): Promise<Database> {
  const { default: pg } = await import('pg')
  const name = parseDatabaseName(url, pg.Client)
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'rag-bot',
  })
  // The pool removes an idle connection that dies; without a listener, its error would end the process.
  pool.on('error', () => {})
  return {
    name,
    ...toQueryable(pool, name),
    transaction: (work) => runTransaction(pool, name, work),
    close: () => pool.end(),
  }
}

function parseDatabaseName(url: string, Client: new (url: string) => Client): string {
  const invalid = () =>
    new StoreError(
      'DATABASE_URL is not the address of a PostgreSQL database',
      'postgres://user:password@host:5432/database',
    )
  if (!/^postgres(ql)?:\/\//.test(url)) throw invalid()
  try {
    const { host, port, database } = new Client(url)
    return `PostgreSQL at ${host}:${port}/${database ?? ''}`
  } catch {
    // The reason would repeat the address, which may contain a password.
    throw invalid()
  }
}

function toQueryable(on: Pool | ClientBase, name: string): Queryable {
  return {
    async query<Row extends object>(sql: string, parameters: readonly Parameter[] = []) {
      try {
        return (await on.query<Row>(sql, [...parameters])).rows
      } catch (error) {
        throw toStoreError(error, name)
      }
    },
  }
}

async function runTransaction<T>(
  pool: Pool,
  name: string,
  work: (transaction: Queryable) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error) => {
    throw toStoreError(error, name)
  })
  const transaction = toQueryable(client, name)
  let broken = false
  try {
    await transaction.query('begin')
    const result = await work(transaction)
    await transaction.query('commit')
    return result
  } catch (error) {
    // Report the first error. A connection that can't even roll back is discarded.
    await transaction.query('rollback').catch(() => {
      broken = true
    })
    throw error
  } finally {
    client.release(broken)
  }
}
