import * as z from 'zod/mini'
import { parseState, type StateFile } from './read.ts'

/** What the learner shows to others: a folder of the roadmap folder that becomes its own repository. */
export const PORTFOLIO_FOLDER = 'portfolio'

/** `.ai-eng/project.json` of a generated repo. */
const projectFile = z.looseObject({
  schemaVersion: z.literal(1),
  template: z.string().check(z.minLength(1)),
  templateVersion: z.string(),
  /** Such as `pnpm@12.4.2`; absent for npm. */
  packageManager: z.optional(z.string()),
  options: z.record(z.string(), z.string()),
  /** Hashes of the verbatim copies, as generated. */
  files: z.record(z.string(), z.string()),
  /** Hashes of all other generated files; absent in projects of earlier versions. */
  rendered: z.optional(z.record(z.string(), z.string())),
  /** Whether the repo existed before the roadmap: then no file of it came from a template. */
  adopted: z.optional(z.boolean()),
})

/** `ai-eng.json` of the roadmap folder: settings that belong to no project. */
const settingsFile = z.looseObject({
  schemaVersion: z.literal(1),
  /** The milestone that the learner started at; earlier ones do not count. */
  start: z.optional(z.string()),
  vars: z._default(z.record(z.string(), z.string()), {}),
  waivers: z._default(z.array(z.looseObject({ gate: z.string(), reason: z.string(), at: z.string() })), []),
})

/** `.ai-eng/evidence/<gate>/<utc>-<sha7>.json`: written once, never changed. */
const evidenceFile = z.looseObject({
  schemaVersion: z.literal(1),
  gate: z.string(),
  gateHash: z.string(),
  result: z.enum(['passed', 'attested', 'reset']),
  at: z.iso.datetime(),
  commit: z.nullable(z.string()),
  dirty: z.nullable(z.boolean()),
  /** Hash of the gate's inputs; when it differs from their present hash, the pass is stale. */
  inputs: z.string(),
  found: z.string(),
  /** `loopback`: stand-ins on this machine were allowed to answer. */
  env: z.looseObject({
    cli: z.string(),
    node: z.string(),
    ci: z.boolean(),
    loopback: z.optional(z.boolean()),
  }),
  data: z.record(z.string(), z.unknown()),
})

/** `.ai-eng/cache/last-check.json`: what the last check found. Not in git, and safe to lose. */
const lastCheckFile = z.looseObject({
  schemaVersion: z.literal(1),
  gates: z.record(
    z.string(),
    z.looseObject({
      gateHash: z.string(),
      at: z.iso.datetime(),
      result: z.enum(['passed', 'failing', 'unknown', 'attested', 'blocked']),
      code: z.nullable(z.string()),
      found: z.string(),
      wanted: z.string(),
    }),
  ),
})

/**
 * `.ai-eng-next.json` of the roadmap folder: the project that `next` is creating. Exists only while `next`
 * runs, or after it was killed.
 */
const unfinishedFile = z.looseObject({
  schemaVersion: z.literal(1),
  pid: z.int(),
  /** Its folder in the roadmap folder. */
  project: z.string().check(z.regex(/^[^/\\]+$/)),
  template: z.string(),
  git: z.boolean(),
  install: z.boolean(),
})

export type ProjectFile = z.infer<typeof projectFile>
export type Settings = z.infer<typeof settingsFile>
export type Evidence = z.infer<typeof evidenceFile>
export type Unfinished = z.infer<typeof unfinishedFile>
export type LastChecks = z.infer<typeof lastCheckFile>['gates']

export const NO_SETTINGS: Settings = { schemaVersion: 1, vars: {}, waivers: [] }

export function parseProject(text: string, file: StateFile): ProjectFile {
  return parseState(text, file, projectFile, 1)
}

export function parseSettings(text: string, file: StateFile): Settings {
  return parseState(text, file, settingsFile, 1)
}

export function parseEvidence(text: string, file: StateFile): Evidence {
  return parseState(text, file, evidenceFile, 1)
}

export function parseLastChecks(text: string, file: StateFile): LastChecks {
  return parseState(text, file, lastCheckFile, 1).gates
}

export function parseUnfinished(text: string, file: StateFile): Unfinished {
  return parseState(text, file, unfinishedFile, 1)
}
