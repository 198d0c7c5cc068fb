import { z } from 'zod'
import type { Grader } from '#kit/evals/suite'
import { fail, type GradedQuestion, type GraderKind, type Tools } from './grader.ts'
import { limitTime } from './time-limit.ts'

/** A grader as a case writes it: `{"type": "contains", "expected": "30 days"}`. */
export interface GraderSpec {
  type: string
  name?: string | undefined
  [setting: string]: unknown
}

/** The graders that a case can name. */
export interface Registry {
  /** Unknown types and settings are errors. */
  graderSpec: z.ZodType<GraderSpec>
  /** Whether a grader compares with the case's `expected`, because it sets none itself. */
  needsLabel(spec: GraderSpec): boolean
  /**
   * Binds the graders of a case for the runner, keyed by their name in reports: `name`, else the type; a
   * second grader of one name gets a number. Throws for a case without graders: every answer would pass.
   */
  bindGraders<C>(
    specs: readonly GraderSpec[],
    question: GradedQuestion,
    tools: Tools,
    limits?: { mostMs?: number },
  ): Record<string, Grader<C>>
}

/**
 * The longest answer, in characters. Graders that read every word need seconds and gigabytes for a few
 * million.
 */
const LONGEST = 200_000
/** Time limit of a grader's synchronous part: an answer must not stop the run. */
const MOST_MS = 10_000

export function createRegistry(kinds: readonly GraderKind[]): Registry {
  const byType = new Map(kinds.map((kind) => [kind.type, kind]))
  const findKind = ({ type }: { type: string }): GraderKind => {
    const kind = byType.get(type)
    if (kind === undefined) throw new Error(`no grader is called "${type}"`)
    return kind
  }
  const graderSpec = z
    .looseObject({ type: z.enum([...byType.keys()]), name: z.string().min(1).optional() })
    .superRefine((spec, context) => {
      const { error } = findKind(spec).settings.safeParse(spec)
      for (const { path, message } of error?.issues ?? [])
        context.addIssue({ code: 'custom', path, message: `${spec.type}: ${message}` })
    })
  return {
    graderSpec,
    needsLabel: (spec) => findKind(spec).usesLabel && spec['expected'] === undefined,
    bindGraders<C>(
      specs: readonly GraderSpec[],
      question: GradedQuestion,
      tools: Tools,
      { mostMs = MOST_MS }: { mostMs?: number } = {},
    ) {
      if (specs.length === 0) throw new Error('the case has no grader, so every answer would pass')
      const named = new Map<string, Grader<C>>()
      for (const spec of specs) {
        const grade = findKind(spec).bind(spec)
        named.set(findFreeName(spec.name ?? spec.type, named), (text, _case, context) => {
          if (text.length > LONGEST)
            return fail(`${text.length} characters, more than the ${LONGEST} that are graded`)
          return limitTime(mostMs, () => grade({ ...question, ...context, text }, tools))
        })
      }
      return Object.fromEntries(named)
    },
  }
}

function findFreeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  for (let number = 2, free = name; ; free = `${name} ${number++}`) if (!taken.has(free)) return free
}
