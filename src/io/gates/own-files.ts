import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { matching } from '../../core/globs.ts'
import {
  codeFingerprint,
  type Fingerprint,
  fingerprint,
  isCodeTakenFrom,
  isTakenFrom,
  ownOnes,
} from '../../core/similarity.ts'
import { sha256 } from '../hash.ts'
import { filesBelow } from '../walk.ts'
import type { GateWorld } from './world.ts'

export interface OwnFile {
  path: string
  text: Fingerprint
}

/** The files that are neither shipped, nor a shipped one renamed or reworded, nor a copy of each other. */
export function ownFiles(globs: readonly string[], world: GateWorld): { own: OwnFile[]; all: string[] } {
  const all = matching(filesBelow(world.directory), globs)
  const samples = world.samples()
  const changed = all.flatMap((path) => {
    const content = readFileSync(join(world.directory, path))
    if (samples.hashes.has(sha256(content))) return []
    const text = isCode(path) ? codeFingerprint(content.toString('utf8')) : fingerprint(readable(content))
    return [{ path, text }]
  })
  const isTaken = ({ path, text }: OwnFile) =>
    isCode(path) ? isCodeTakenFrom(text, samples.code) : isTakenFrom(text, samples.texts)
  return { own: ownOnes(changed, isTaken), all }
}

function isCode(path: string): boolean {
  return path.endsWith('.ts')
}

/** A PDF's words cannot be compared here; its bytes are its own words then. */
function readable(content: Buffer): string {
  if (!content.subarray(0, 8000).includes(0) && content.toString('latin1', 0, 5) !== '%PDF-')
    return content.toString('utf8')
  return (content.toString('latin1').match(/[\w]{3,}/g) ?? []).join(' ')
}
