import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Identity, readIdentity } from '../../core/package-identity.ts'
import { hashSha256 } from '../hash.ts'
import { listFiles } from '../walk.ts'
import { listUnignored } from './originals.ts'

/** A larger file is data, not writing. */
const LARGEST = 5 * 1024 * 1024

/**
 * The files that can be the owner's work, by path: those that git does not ignore or, without git, all but
 * `.env` and what tools create. Links and files above 5 MB are left out.
 */
export function readContents(directory: string): Map<string, Buffer> {
  const paths = listUnignored(directory) ?? listFiles(directory).filter((path) => path !== '.env')
  return new Map(
    paths.flatMap((path) => {
      const stats = lstatSync(join(directory, path), { throwIfNoEntry: false })
      if (!stats?.isFile() || stats.size > LARGEST) return []
      return [[path, readFileSync(join(directory, path))] as const]
    }),
  )
}

/** The same files' hashes, in the form of `.ai-eng/project.json`. */
export function hashContents(contents: ReadonlyMap<string, Buffer>): Map<string, string> {
  return new Map([...contents].map(([path, content]) => [path, `sha256-${hashSha256(content)}`]))
}

/** What the project's package.json calls it. */
export function readPackageIdentity(directory: string): Identity {
  const path = join(directory, 'package.json')
  return readIdentity(existsSync(path) ? readFileSync(path, 'utf8') : undefined)
}
