import { z } from 'zod'
import type { Grader } from '#kit/evals/suite'
import { citations } from './citations.ts'
import { exact } from './exact.ts'
import { faithful } from './faithful.ts'
import { failed, type GraderKind, type Question, type Tools } from './grader.ts'
import { jsonFields } from './json-fields.ts'
import { jsonSchema } from './json-schema.ts'
import { judged } from './judged.ts'
import { cost, latency } from './limits.ts'
import { number } from './number.ts'
import { regex } from './regex.ts'
import { similarity } from './similarity.ts'
import { withinTime } from './time-limit.ts'
import { contains, excludes, facts, length, noInventedNumbers } from './words.ts'

/** Every grader that a case can name. A new one is a line here. */
const KINDS: readonly GraderKind[] = [
  ...[exact, contains, excludes, facts, noInventedNumbers, length, regex, number],
  ...[jsonSchema, jsonFields, similarity, citations, faithful, latency, cost, judged],
]

/** Of an answer, in characters. What goes through every word takes seconds and gigabytes for a few million. */
const LONGEST = 200_000
/** For what a grader does in one go, without waiting for anybody: an answer must not stop the run. */
const MOST_MS = 10_000

const byType = new Map(KINDS.map((kind) => [kind.type, kind]))

/** A grader as a case writes it: `{"type": "contains", "expected": "30 days"}`. Unknown types and settings are errors. */
export const graderSpec = z
  .looseObject({ type: z.enum(KINDS.map(({ type }) => type)), name: z.string().min(1).optional() })
  .superRefine((spec, context) => {
    const { error } = kindOf(spec).settings.safeParse(spec)
    for (const { path, message } of error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message: `${spec.type}: ${message}` })
  })
export type GraderSpec = z.infer<typeof graderSpec>

/** Whether a grader compares with what its case expects, because it has no `expected` of its own. */
export function needsLabel(spec: GraderSpec): boolean {
  return kindOf(spec).usesLabel && spec['expected'] === undefined && spec.type !== 'judge'
}

/**
 * The graders of a case for the runner, by the name that reports call them: `name`, else the type; a second one of a name gets a number. Throws for none:
 * every answer would pass.
 */
export function gradersFrom<C>(
  specs: readonly GraderSpec[],
  question: Question,
  tools: Tools,
  { mostMs = MOST_MS }: { mostMs?: number } = {},
): Record<string, Grader<C>> {
  if (specs.length === 0) throw new Error('the case has no grader, so every answer would pass')
  const named = new Map<string, Grader<C>>()
  for (const spec of specs) {
    const grade = kindOf(spec).bind(spec)
    named.set(freeName(spec.name ?? spec.type, named), (text, _case, context) => {
      if (text.length > LONGEST)
        return failed(`${text.length} characters, more than the ${LONGEST} that are graded`)
      return withinTime(mostMs, () => grade({ ...question, ...context, text }, tools))
    })
  }
  return Object.fromEntries(named)
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  for (let number = 2, free = name; ; free = `${name} ${number++}`) if (!taken.has(free)) return free
}

function kindOf({ type }: { type: string }): GraderKind {
  const kind = byType.get(type)
  if (kind === undefined) throw new Error(`no grader is called "${type}"`)
  return kind
}
