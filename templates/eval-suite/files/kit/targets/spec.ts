import * as z from 'zod'

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower case letters, digits and dashes')
const path = z.string().regex(/^(?!\/)[\w.@/-]+$/, 'a path from the root of the repo')
const seconds = z.number().positive().max(3_600)

const common = {
  /** The cases that are asked; default `evals/cases.jsonl`. */
  cases: path.optional(),
  /** How often a question is asked again when the target could not be reached or was busy. */
  retries: z.int().min(0).max(10).default(2),
  /** For one answer with its grades. */
  timeoutSeconds: seconds.default(120),
  /**
   * Providers whose recorded answers must exist. Without this list, deleting a recording would silently
   * remove its gate.
   */
  recordings: z.array(z.string().min(1)).default([]),
}

/** The provider behind the target, when its answers do not name it. */
const provider = z.strictObject({
  name: z.string().min(1),
  model: z.string().min(1),
  /** The target always gives the same answer to a question, so one lost case is a regression. */
  deterministic: z.boolean().default(false),
})

/** `${NAME}` in a header is a variable of the environment, so that no secret stands in this file. */
const headers = z.record(z.string(), z.string()).default({})

const http = {
  /** A string `{{input}}` in it, at any depth, becomes the question. */
  body: z.json().default({ question: '{{input}}' }),
  headers,
  provider: provider.optional(),
}

/** The path of the text in a JSON answer: `choices.0.message.content`. */
const field = z.string().min(1)

export const targetSpec = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('prompt'),
    ...common,
    /** A Markdown file: what stands above the line `---` is the system prompt, below it the prompt. */
    prompt: path,
    /** The answer's budget; `{{maxWords}}` in the prompt. */
    maxWords: z.int().min(1).max(2_000),
    /** Instead of AI_MODEL. */
    model: z.string().min(1).optional(),
  }),
  z.strictObject({
    type: z.literal('http'),
    ...common,
    ...http,
    url: z.url({ protocol: /^https?$/ }),
    format: z.enum(['json', 'sse', 'ask-sse.v1']),
    /** Of the JSON answer or, with `sse`, of every event; texts of events are joined. */
    answer: field.default('answer'),
    /** With `sse`: the data of the event that ends an answer. A stream without it was cut off. */
    end: z.string().default('[DONE]'),
  }),
  z.strictObject({
    type: z.literal('project'),
    ...common,
    /** A repo whose `.ai-eng/project.json` says how it is started and asked. */
    directory: z.string().min(1),
    env: z.record(z.string(), z.string()).default({}),
    startSeconds: seconds.default(120),
  }),
  z.strictObject({
    type: z.literal('command'),
    ...common,
    /**
     * Gets the question on standard input and answers on standard output. Files of the case are arguments at
     * `{files}`.
     */
    command: z.array(z.string()).min(1),
    provider: provider.optional(),
  }),
  z.strictObject({
    type: z.literal('function'),
    ...common,
    /** `evals/functions/longest.ts`: exports `answer`. */
    module: z.string().regex(/^(?:src|evals)\/[\w./-]+\.ts$/, 'a .ts file in src or evals'),
    provider: provider.optional(),
  }),
])
export type TargetSpec = z.infer<typeof targetSpec>
export type SpecOf<T extends TargetSpec['type']> = Extract<TargetSpec, { type: T }>

export const targetsFile = z
  .strictObject({ default: name, targets: z.record(name, targetSpec) })
  .refine((file) => file.default in file.targets, { path: ['default'], error: 'names no target' })
export type TargetsFile = z.infer<typeof targetsFile>
