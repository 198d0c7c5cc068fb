import { StoreError } from '#kit/store/store'

const DAMAGED = 'Files of the database are damaged: ingest again into another directory or database.'

/** Hints by SQLSTATE, system error code, or name of the error. */
const HINTS: Record<string, string> = {
  '28P01': 'Check user and password in DATABASE_URL; special characters in a password are written as %XX.',
  '28000': 'Check user, database and TLS in DATABASE_URL: the server does not let this connection in.',
  '3D000': 'Create that database, or correct its name in DATABASE_URL.',
  '3F000': 'Create the schema that search_path names, or take search_path out of DATABASE_URL.',
  '42501': 'Ask who owns the database to grant this user CREATE and USAGE on the schema.',
  '42P01': 'The index has gone while it was open, perhaps to a rebuild: start this program again.',
  '53100': 'The server has no disk space left.',
  '53300': 'The server has no connection left: close some, or raise max_connections.',
  '58030': DAMAGED,
  XX001: DAMAGED,
  XX002: DAMAGED,
  '57P03': 'The server is starting or stopping: try again in a moment.',
  ECONNREFUSED: 'Start the server, or correct host and port in DATABASE_URL.',
  // WebAssembly throws this when the database in it crashes.
  RuntimeError: 'Start this program again; if it stays, remove the directory and ingest again.',
  EACCES: 'Make the directory writable, or choose another.',
  EEXIST: 'There is a file where the directory should be: choose another directory.',
  ENOSPC: 'The disk is full.',
  ENOTDIR: 'There is a file where a directory should be: choose another directory.',
  EROFS: 'The disk is read-only: choose another directory.',
  ENOTFOUND: 'Correct the host in DATABASE_URL.',
  EAI_AGAIN: 'Check the network and the DNS server of this machine, then try again.',
  ETIMEDOUT: 'Check that the server is running and that no firewall is in between, then try again.',
  ECONNRESET: "Look at the server's log, then try again.",
  EHOSTUNREACH: 'Check the network, the VPN and the firewall.',
  ENETUNREACH: 'Check the network, the VPN and the firewall.',
}

/** Converts any failure of a driver to a StoreError: what the database said, on one line, and what to do. */
export function toStoreError(error: unknown, name: string): StoreError {
  if (error instanceof StoreError) return error
  const hint = HINTS[extractErrorCode(error)] ?? 'Try again; if it stays, look into the log of the database.'
  return new StoreError(`${name}: ${formatReason(error)}`, hint, { cause: error })
}

/** The SQLSTATE, the system error code or, if it has no code, the error's name. */
export function extractErrorCode(error: unknown): string {
  if (error instanceof AggregateError) return extractErrorCode(error.errors[0])
  const cause = error instanceof StoreError ? error.cause : error
  if (!(cause instanceof Error)) return ''
  return 'code' in cause ? String(cause.code) : cause.name
}

/** Node tries every address of a host; the AggregateError of all failures has no message. */
function formatReason(error: unknown): string {
  if (error instanceof AggregateError) return formatReason(error.errors[0])
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
}
