import { z } from 'zod'

const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes')
const line = z
  .string()
  .min(1)
  .regex(/^[^\n\r]*$/, 'must be one line')
/** A path or glob inside the project. */
const inside = line.regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\]+$/, 'must stay inside the project')
const variable = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as deployUrl')
const words = z.array(line).min(1)
const amount = z.int().positive()

const common = {
  id,
  /** What is true when it is met, as a statement. */
  title: line,
  why: line,
  /** What a check of it may cost. Nothing of cost `llm` runs without a yes. */
  cost: z.enum(['free', 'network', 'llm']),
  required: z.boolean().default(true),
  /** A fresh project meets it. */
  startsPassing: z.boolean().default(false),
  /** Gates of the same step. While one of them is not met, this one is blocked. */
  dependsOn: z.array(id).default([]),
  /** Files whose change makes an earlier pass stale. */
  inputs: z.array(inside).default([]),
  /** The one command, or action, that comes next when it is not met. */
  do: line,
  /** From a nudge to a worked example. */
  hints: z.array(line).min(1).max(4),
  /** What to do about one failure code, where the general advice is not good enough. */
  codes: z.record(z.string(), line).default({}),
  /** Earlier ids: evidence under them still counts. */
  aliases: z.array(id).default([]),
}

/** Whose cases count as the learner's: new ids, new words and, with `refers`, about documents of their own. */
const ownCases = z.strictObject({
  min: amount,
  /** Where a case names documents (dots go deeper), and where those that may be the learner's own are. */
  refers: z.strictObject({ field: line, documents: z.array(inside).min(1) }).optional(),
})

const filesGate = z.strictObject({
  ...common,
  kind: z.literal('files'),
  paths: z.array(inside).min(1),
  min: amount,
  /** Only files that are not the shipped sample, renamed or reworded, count. */
  own: z.boolean().default(false),
  minWords: z.int().min(0).default(0),
  /** Regular expressions that each counted file matches. */
  contains: z.array(line).default([]),
  /** What each counted file is, whole. */
  format: z.enum(['eval-recording.v1']).optional(),
})

const commandGate = z.strictObject({
  ...common,
  kind: z.literal('command'),
  /** `{own}` stands for the learner's own files, `{report}` for the path of vitest's JSON report. */
  argv: words,
  own: z.array(inside).default([]),
  minTests: amount,
  maxSkipped: z.int().min(0).default(0),
  timeoutSeconds: amount.default(120),
})

const evalGate = z.strictObject({
  ...common,
  kind: z.literal('eval'),
  suite: id,
  cases: inside,
  /** `report`: the last run. `baseline`: the committed record of a real model beside the heuristic one. */
  record: z.enum(['report', 'baseline']),
  minCases: amount.default(1),
  own: ownCases.optional(),
  /**
   * The files that are in a case's hash beside its line, as its suite names them: `evals/documents/{document}`, where `{field}` is what the case has there (dots go
   * deeper). Of several lists one fits.
   */
  files: z.array(z.array(inside).min(1)).default([]),
  baseline: inside.default('evals/baseline'),
})

const evalDeltaGate = z.strictObject({
  ...common,
  kind: z.literal('eval-delta'),
  folder: inside,
  minPaired: amount,
  minNoteWords: amount.default(30),
})

const ciGate = z.strictObject({ ...common, kind: z.literal('ci'), workflow: line, job: line })

const httpGate = z.strictObject({
  ...common,
  kind: z.literal('http'),
  variable,
  path: line,
  /** Where the JSON answer names its commit. */
  commitField: line,
})

const mcpGate = z.strictObject({
  ...common,
  kind: z.literal('mcp'),
  /** Starts the server on stdio. */
  argv: words.optional(),
  /** A variable with the address of a server that speaks HTTP. */
  variable: variable.optional(),
  minTools: amount,
  call: z.strictObject({ tool: line, arguments: z.record(z.string(), z.json()) }).optional(),
  timeoutSeconds: amount.default(30),
})

const proseGate = z.strictObject({
  ...common,
  kind: z.literal('prose'),
  variable,
  minWords: amount,
  sections: z.array(line).default([]),
  /** Regular expressions; one of them must match. */
  tradeOff: words,
  /** A number that the evidence holds must stand in the text. */
  needsNumber: z.boolean().default(true),
  minLinks: z.int().min(0).default(1),
})

const pullRequestGate = z.strictObject({ ...common, kind: z.literal('pull-request'), variable })

const attestGate = z.strictObject({
  ...common,
  kind: z.literal('attest'),
  question: line,
  minLength: amount.default(20),
})

export const gateSchema = z.discriminatedUnion('kind', [
  filesGate,
  commandGate,
  evalGate,
  evalDeltaGate,
  ciGate,
  httpGate,
  mcpGate,
  proseGate,
  pullRequestGate,
  attestGate,
])

/** `_steps/<id>.json`. Gates with `extends` take what they leave out from `_steps/shared/<name>.json`. */
export const stepSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1),
  id,
  title: line,
  summary: line,
  /** The template whose project this step is; absent for a step that is about any of them. */
  template: id.optional(),
  /** A variable that names the project which a step without a template is about. */
  about: variable.optional(),
  optional: z.boolean().default(false),
  /** Evenings of about an hour that it takes somebody who works in the day. */
  evenings: amount,
  aliases: z.array(id).default([]),
  gates: z.array(gateSchema).default([]),
})

const topic = z.strictObject({ topic: line, why: line })

export const roadmapSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** What `set` takes. */
  variables: z.record(variable, z.strictObject({ title: line, kind: z.enum(['url', 'path', 'project']) })),
  milestones: z
    .array(
      z.strictObject({
        id,
        title: line,
        days: line,
        summary: line,
        /** What to learn deeply, what already carries over from backend work, what to leave for later. */
        learn: z.array(topic).min(1),
        carries: z.array(topic).min(1),
        skip: z.array(topic).min(1),
        question: line,
        steps: z.array(id).min(1),
      }),
    )
    .min(1),
})

/** `_steps/codes.json`: by gate kind, what to do about each failure code; `unknown` for what could not be checked. */
export const codesSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1),
  kinds: z.record(z.string(), z.record(z.string(), line)),
  unknown: z.record(z.string(), line),
})

/** A gate as the roadmap defines it, with a hash of what decides it. */
export type Gate = z.infer<typeof gateSchema> & { hash: string }
export type GateOf<K extends Gate['kind']> = Extract<Gate, { kind: K }>
export type Step = Omit<z.infer<typeof stepSchema>, 'gates' | '$schema' | 'formatVersion'> & { gates: Gate[] }
type RoadmapFile = z.infer<typeof roadmapSchema>
type Milestone = RoadmapFile['milestones'][number]

/** All of it, as it is baked into the package. */
export interface Roadmap {
  version: string
  variables: RoadmapFile['variables']
  milestones: Milestone[]
  steps: Step[]
  codes: { kinds: Record<string, Record<string, string>>; unknown: Record<string, string> }
}
