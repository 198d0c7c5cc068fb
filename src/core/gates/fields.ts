import * as z from 'zod/mini'

export const id = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'))
export const line = z.string().check(z.minLength(1), z.regex(/^[^\n\r]*$/, 'must be one line'))
/** A path or glob inside the project. */
export const inside = z
  .string()
  .check(
    z.minLength(1),
    z.regex(/^[^\n\r]*$/, 'must be one line'),
    z.regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\]+$/, 'must stay inside the project'),
  )
export const variable = z.string().check(z.regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as deployUrl'))
export const words = z.array(line).check(z.minLength(1))
export const insides = z.array(inside).check(z.minLength(1))
export const amount = z.int().check(z.positive())
export const count = z.int().check(z.minimum(0))

/** Fields of gates of every kind. */
export const common = {
  id,
  /** A statement that is true once the gate passes. */
  title: line,
  why: line,
  /** What a check may cost. Gates of cost `llm` run only with --yes. */
  cost: z.enum(['free', 'network', 'llm']),
  required: z._default(z.boolean(), true),
  /** Whether a fresh project passes it. */
  startsPassing: z._default(z.boolean(), false),
  /** Gates of the same step. Until all of them pass, this one is blocked. */
  dependsOn: z._default(z.array(id), []),
  /** Files whose change makes an earlier pass stale. */
  inputs: z._default(z.array(inside), []),
  /** The one command or action to take when it does not pass. */
  do: line,
  /** From a nudge to a worked example. */
  hints: z.array(line).check(z.minLength(1), z.maxLength(4)),
  /** What to do about one failure code, where the general advice is not specific enough. */
  codes: z._default(z.record(z.string(), line), {}),
  /** Other texts where a project of this template is in the roadmap folder; `{neighbour}` is the way to it. */
  neighbour: z.optional(
    z.strictObject({ template: id, do: line, hints: z.array(line).check(z.minLength(1), z.maxLength(4)) }),
  ),
  /** Earlier ids: evidence under them still counts. */
  aliases: z._default(z.array(id), []),
}
