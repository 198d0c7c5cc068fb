import { z } from 'zod'
import { type Gate, KINDS } from '../gates/kinds.ts'

const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes')
const line = z
  .string()
  .min(1)
  .regex(/^[^\n\r]*$/, 'must be one line')
const variable = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as deployUrl')
const amount = z.int().positive()

const [firstKind, ...otherKinds] = Object.values(KINDS)
if (!firstKind) throw new Error('there is no kind of gate')

export const gateSchema = z.discriminatedUnion('kind', [
  firstKind.schema,
  ...otherKinds.map(({ schema }) => schema),
])

/** `_steps/<id>.json`. A gate with `extends` takes missing fields from `_steps/shared/<name>.json`. */
export const stepSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1),
  id,
  title: line,
  summary: line,
  /** What the learner can do once it is done and could not before: ends the sentence "You can now". */
  can: line,
  /** The template whose project this step is about; absent for a step that is about any project. */
  template: id.optional(),
  /** For a step without a template: the variable that names its project. */
  about: variable.optional(),
  optional: z.boolean().default(false),
  /** Evenings of about an hour that it takes a learner with a full-time job. */
  evenings: amount,
  aliases: z.array(id).default([]),
  gates: z.array(gateSchema).default([]),
  /** Gates that the step no longer has. They are shown, as optional, to learners who have evidence of them. */
  retired: z.array(gateSchema).default([]),
})

const topic = z.strictObject({ topic: line, why: line })

export const roadmapSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** The keys of `set`. */
  variables: z.record(
    variable,
    z.strictObject({ title: line, kind: z.enum(['url', 'pull-request', 'path', 'project']) }),
  ),
  milestones: z
    .array(
      z.strictObject({
        id,
        title: line,
        days: line,
        summary: line,
        /** What to learn deeply, what carries over from backend work, what to skip for now. */
        learn: z.array(topic).min(1),
        carries: z.array(topic).min(1),
        skip: z.array(topic).min(1),
        question: line,
        steps: z.array(id).min(1),
      }),
    )
    .min(1),
})

/**
 * `_steps/codes.json`: for each gate kind, what to do about each failure code; `unknown` for gates that could
 * not be checked.
 */
export const codesSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1),
  kinds: z.record(z.string(), z.record(z.string(), line)),
  unknown: z.record(z.string(), line),
})

export type Step = Omit<z.infer<typeof stepSchema>, 'gates' | 'retired' | '$schema' | 'formatVersion'> & {
  gates: Gate[]
  retired: Gate[]
}
type RoadmapFile = z.infer<typeof roadmapSchema>
export type Milestone = RoadmapFile['milestones'][number]

/** The whole roadmap, as the build bakes it into the package. */
export interface Roadmap {
  version: string
  variables: RoadmapFile['variables']
  milestones: Milestone[]
  steps: Step[]
  codes: { kinds: Record<string, Record<string, string>>; unknown: Record<string, string> }
}
