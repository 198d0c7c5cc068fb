import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Every entry below a directory with what it is and a hash of its content: equal snapshots are equal trees. */
export function snapshot(directory: string): Record<string, string> {
  const paths = readdirSync(directory, { recursive: true }).map(String).sort()
  return Object.fromEntries(paths.map((path) => [path, describeEntry(join(directory, path))]))
}

function describeEntry(path: string): string {
  const stats = lstatSync(path)
  const mode = (stats.mode & 0o777).toString(8)
  if (stats.isSymbolicLink()) return `link ${readlinkSync(path)}`
  if (stats.isDirectory()) return `directory ${mode}`
  if (!stats.isFile()) return 'special'
  return `file ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`
}
