/** The values of `$1`, `$2`, … in a statement. Arrays become PostgreSQL arrays. */
export type Parameter = string | number | readonly string[] | readonly number[]

export interface Queryable {
  /**
   * Runs one statement and returns its rows. Cast a bigint or numeric in the SQL: drivers decode them
   * differently.
   */
  query<Row extends object>(sql: string, parameters?: readonly Parameter[]): Promise<Row[]>
}

/** What the store needs from PostgreSQL. Every method throws a StoreError. */
export interface Database extends Queryable {
  /** For display: where it is, without a password. */
  readonly name: string
  /** Commits when `work` returns. Rolls back and throws when it throws. */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>
  /** Throws a StoreError if the disk has too little space. Absent for a server, which checks this itself. */
  checkRoom?(): Promise<void>
  close(): Promise<void>
}
