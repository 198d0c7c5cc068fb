import {
  type Fingerprint,
  fingerprintCode,
  isCodeTakenFrom,
  isTakenFrom,
  keepOriginals,
  takeFingerprint,
} from '../similarity.ts'

/** Everything that the templates ship and that a learner could submit as their own work. */
export interface Samples {
  hashes: ReadonlySet<string>
  texts: readonly Fingerprint[]
  code: readonly Fingerprint[]
  /** Ids in the shipped case files. */
  caseIds: ReadonlySet<string>
  cases: readonly Fingerprint[]
}

export interface FileFact {
  /** Path in the project, with forward slashes. */
  path: string
  /** Its text, as far as it can be compared. */
  text: string
  /** Of its bytes, in hex. */
  sha256: string
}

export interface OwnFile {
  path: string
  text: Fingerprint
}

/** Files that are not shipped files, not renamed or reworded ones, and not copies of each other. */
export function findOwnFiles(files: readonly FileFact[], samples: Samples): OwnFile[] {
  const changed = files
    .filter(({ sha256 }) => !samples.hashes.has(sha256))
    .map(({ path, text }) => ({ path, text: isCode(path) ? fingerprintCode(text) : takeFingerprint(text) }))
  return keepOriginals(changed, ({ path, text }) =>
    isCode(path) ? isCodeTakenFrom(text, samples.code) : isTakenFrom(text, samples.texts),
  )
}

function isCode(path: string): boolean {
  return path.endsWith('.ts')
}
