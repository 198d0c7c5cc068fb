import * as z from 'zod/mini'
import { parseState, type StateFile } from '../state/read.ts'

/** `.ai-eng/builds/<exercise>/<utc>-<sha7>.json`: written once, when an exercise ends. */
const recordFile = z.looseObject({
  schemaVersion: z.literal(1),
  exercise: z.string(),
  title: z.string(),
  /** `reference`: the code equals the template's, but for names and formatting. */
  result: z.enum(['built', 'reference', 'given-up']),
  functions: z.array(z.string()),
  at: z.iso.datetime(),
  /** The commit that took the code out. */
  takenOut: z.string(),
  /** The commit with the learner's code. */
  commit: z.string(),
  /** From the one commit to the other, on the wall clock. */
  seconds: z.number(),
  /** Lines written, and lines that the template has there. */
  lines: z.object({ yours: z.number(), reference: z.number() }),
  /** Cases of the eval that passed, if the exercise has an eval. */
  eval: z.nullable(z.object({ passed: z.number(), total: z.number() })),
})

export type BuildRecord = z.infer<typeof recordFile>

/** Throws a StateError for text that is not a record, or of a newer version. */
export function parseBuildRecord(text: string, file: StateFile): BuildRecord {
  return parseState(text, file, recordFile, 1)
}

/** The newest record of each exercise; one that was built stays built, whatever came later. */
export function pickRecords(records: readonly BuildRecord[]): Map<string, BuildRecord> {
  const picked = new Map<string, BuildRecord>()
  for (const record of [...records].sort((a, b) => a.at.localeCompare(b.at))) {
    const known = picked.get(record.exercise)
    if (known?.result !== 'built' || record.result === 'built') picked.set(record.exercise, record)
  }
  return picked
}
