import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { hashSha256 } from '../hash.ts'
import { readMatching } from './read-files.ts'
import type { GateWorld } from './world.ts'

export function gatherFiles(
  { paths: globs }: GateOf<'files'>,
  { directory, samples }: GateWorld,
): FactsOf<'files'> {
  return { ...readMatching(directory, globs), samples, sha256: (text) => hashSha256(Buffer.from(text)) }
}
