import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { tryParseIngested } from '../../core/gates/ingested.ts'
import type { FileFact } from '../../core/gates/own-files.ts'
import { matchGlobs } from '../../core/globs.ts'
import { hashSha256 } from '../hash.ts'
import { listFiles } from '../walk.ts'

/** More would not change a finding, and each is compared with all others. */
const MOST_LISTED = 300

/** Every path below a directory, and the files that match the globs. */
export function readMatching(
  directory: string,
  globs: readonly string[],
): { paths: string[]; files: FileFact[] } {
  const paths = listFiles(directory)
  return { paths, files: matchGlobs(paths, globs).map((path) => readFact(path, join(directory, path))) }
}

/**
 * The documents that a list names, as `npm run ingest` of a project writes it: those in other folders count
 * as well. None without a list.
 */
export function readIngested(directory: string, list: string | undefined): FileFact[] {
  const path = list === undefined ? undefined : join(directory, list)
  if (path === undefined || !existsSync(path)) return []
  const documents = Object.entries(tryParseIngested(readFileSync(path, 'utf8')) ?? {})
  const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() === true
  const there = documents.filter(([, file]) => isFile(file)).slice(0, MOST_LISTED)
  return there.map(([name, file]) => readFact(name, file))
}

function readFact(path: string, file: string): FileFact {
  const content = readFileSync(file)
  return { path, text: extractWords(content), sha256: hashSha256(content) }
}

/** The words of a PDF cannot be read here; words in its bytes take their place. */
function extractWords(content: Buffer): string {
  if (!content.subarray(0, 8000).includes(0) && content.toString('latin1', 0, 5) !== '%PDF-')
    return content.toString('utf8')
  return (content.toString('latin1').match(/[\w]{3,}/g) ?? []).join(' ')
}
