import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { hashSha256 } from '../hash.ts'
import { readIngested, readMatching } from './read-files.ts'
import type { GateWorld } from './world.ts'

export function gatherFiles(
  { paths: globs, listedIn }: GateOf<'files'>,
  { directory, samples }: GateWorld,
): FactsOf<'files'> {
  const { paths, files } = readMatching(directory, globs)
  return {
    paths,
    files: [...files, ...readIngested(directory, listedIn)],
    samples,
    sha256: (text) => hashSha256(Buffer.from(text)),
  }
}
