/** The values of `$1`, `$2`, … in a statement. Arrays become PostgreSQL arrays. */
export type Parameter = string | number | readonly string[] | readonly number[]

export interface Queryable {
  /** Runs one statement. Its rows are as the SQL says: cast what may be a bigint or a numeric, which drivers read in different ways. */
  query<Row extends object>(sql: string, parameters?: readonly Parameter[]): Promise<Row[]>
}

/** All that the store needs of PostgreSQL. Every method throws a `StoreError`. */
export interface Database extends Queryable {
  /** For people: where it is, without a password. */
  readonly name: string
  /** Commits when `work` returns, rolls back and throws when it throws. */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>
  /** Throws when there is no room to write in. Absent: a server sees to that itself. */
  checkRoom?(): Promise<void>
  close(): Promise<void>
}
