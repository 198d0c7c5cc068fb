import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { matchGlobs } from '../core/globs.ts'
import { compare } from '../core/package-json.ts'
import { hashSha256 } from './hash.ts'

/** Folders that tools or ai-eng-starter create: never a learner's work. */
const PASSED_OVER = new Set([
  '.git',
  '.ai-eng',
  'node_modules',
  'dist',
  'coverage',
  'reports',
  '.data',
  '.sessions',
])
const MOST_FILES = 20_000

/**
 * Every file below a directory, with forward slashes, sorted; none when it does not exist. Does not follow
 * links.
 */
export function listFiles(directory: string): string[] {
  const found: string[] = []
  const open = existsSync(directory) ? [''] : []
  for (let folder = open.pop(); folder !== undefined && found.length < MOST_FILES; folder = open.pop()) {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) open.push(path)
      if (entry.isFile()) found.push(path)
    }
  }
  return found.sort(compare)
}

/**
 * Returns a function that hashes the files matching some globs: the same paths and contents give the same
 * hash, wherever the project is.
 */
export function makeHasher(directory: string): (globs: readonly string[]) => string {
  let paths: string[] | undefined
  const hashes = new Map<string, string>()
  const hashFile = (path: string) => {
    const hash = hashes.get(path) ?? hashSha256(readFileSync(join(directory, path)))
    hashes.set(path, hash)
    return hash
  }
  return (globs) => {
    if (globs.length === 0) return ''
    paths ??= listFiles(directory)
    const lines = matchGlobs(paths, globs).map((path) => `${path} ${hashFile(path)}`)
    return hashSha256(Buffer.from(lines.join('\n'))).slice(0, 16)
  }
}
