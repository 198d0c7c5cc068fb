import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileFact } from '../../core/gates/own-files.ts'
import { matchGlobs } from '../../core/globs.ts'
import { hashSha256 } from '../hash.ts'
import { listFiles } from '../walk.ts'

/** Every path below a directory, and the files that match the globs. */
export function readMatching(
  directory: string,
  globs: readonly string[],
): { paths: string[]; files: FileFact[] } {
  const paths = listFiles(directory)
  const files = matchGlobs(paths, globs).map((path) => {
    const content = readFileSync(join(directory, path))
    return { path, text: extractWords(content), sha256: hashSha256(content) }
  })
  return { paths, files }
}

/** The words of a PDF cannot be read here; words in its bytes take their place. */
function extractWords(content: Buffer): string {
  if (!content.subarray(0, 8000).includes(0) && content.toString('latin1', 0, 5) !== '%PDF-')
    return content.toString('utf8')
  return (content.toString('latin1').match(/[\w]{3,}/g) ?? []).join(' ')
}
