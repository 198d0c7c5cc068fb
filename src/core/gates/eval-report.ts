import * as z from 'zod/mini'
import { parseVersioned } from '../state/read.ts'
import { measureFields } from './measures.ts'

const outcome = z.enum(['pass', 'fail', 'error'])
const count = z.int().check(z.minimum(0))
const provider = z.looseObject({ name: z.string(), model: z.string(), deterministic: z.boolean() })

/** The fields of `docs/contracts/eval-report.v1.schema.json` that gates read. */
const reportV1 = z.looseObject({
  schema: z.literal('eval-report.v1'),
  name: z.string(),
  startedAt: z.iso.datetime(),
  commit: z.nullable(z.string()),
  dirty: z.nullable(z.boolean()),
  provider,
  hashes: z.looseObject({ cases: z.string(), graders: z.string(), prompts: z.string(), harness: z.string() }),
  cases: z.array(
    z.looseObject({
      id: z.string(),
      caseHash: z.string(),
      outcome,
      score: z.nullable(z.number()),
      weight: z.optional(z.number()),
      output: z.optional(z.string()),
      input: z.optional(z.string()),
      grades: z.optional(z.array(z.looseObject({ pass: z.boolean() }))),
      attempts: z.optional(z.array(z.looseObject({ outcome }))),
    }),
  ),
  summary: z.looseObject({
    total: count,
    passed: count,
    errors: count,
    failed: z.optional(count),
    passRate: z.optional(z.number()),
    meanScore: z.nullable(z.number()),
    ...measureFields,
  }),
  gate: z.looseObject({
    verdict: z.enum(['pass', 'regression', 'inconclusive', 'no-baseline', 'cannot-run', 'not-gated']),
    reasons: z.array(z.string()),
  }),
})

const baselineV1 = z.looseObject({
  schema: z.literal('eval-baseline.v1'),
  provider,
  cases: z.array(z.looseObject({ id: z.string(), caseHash: z.string(), outcome, score: z.number() })),
})

export type EvalReport = z.infer<typeof reportV1>
export type EvalBaseline = z.infer<typeof baselineV1>

/** Parses a report of any version that was ever released. Throws an Error that says what is wrong. */
export function parseReport(text: string): EvalReport {
  const report = parseVersioned('schema', { 'eval-report.v1': reportV1 }, text)
  const ids = report.cases.map(({ id }) => id)
  if (ids.length === 0) throw new Error('it has no cases')
  if (new Set(ids).size !== ids.length) throw new Error('it contains a case twice')
  return report
}

/** Where a report's totals contradict its own cases and grades, in a few words; undefined when they agree. */
export function findContradiction({ cases, summary }: EvalReport): string | undefined {
  const edited = cases.find((one) => one.outcome !== deriveOutcome(one))
  if (edited) return `${edited.id} is marked ${edited.outcome}, but its grades say ${deriveOutcome(edited)}`
  const sums = sumUp(cases)
  const wrong = (Object.keys(sums) as (keyof typeof sums)[]).find((key) => !isNear(summary[key], sums[key]))
  return wrong && `its total of ${wrong} is ${summary[wrong]}, but its cases add up to ${sums[wrong]}`
}

type ReportCase = EvalReport['cases'][number]

/** As the evals layer derives it: the worst of several attempts, else from the grades. */
function deriveOutcome({ outcome, grades = [], attempts = [] }: ReportCase): ReportCase['outcome'] {
  const worst = (['error', 'fail', 'pass'] as const).find((one) => attempts.some((at) => at.outcome === one))
  if (worst) return worst
  if (outcome === 'error' || grades.length === 0) return outcome
  return grades.every(({ pass }) => pass) ? 'pass' : 'fail'
}

function sumUp(cases: readonly ReportCase[]) {
  const count = (wanted: ReportCase['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length
  const scored = cases.flatMap(({ score, weight = 1 }) => (score === null ? [] : { score, weight }))
  const weights = scored.reduce((sum, { weight }) => sum + weight, 0)
  const meanScore = scored.reduce((sum, { score, weight }) => sum + score * weight, 0) / weights
  return {
    total: cases.length,
    passed: count('pass'),
    failed: count('fail'),
    errors: count('error'),
    passRate: count('pass') / cases.length,
    meanScore: scored.length === 0 ? null : meanScore,
  }
}

/** Reports round a mean to six digits. */
function isNear(said: number | null | undefined, counted: number | null): boolean {
  if (said === undefined || said === null || counted === null) return said === undefined || said === counted
  return Math.abs(said - counted) < 1e-5
}

/** Parses a committed baseline. Throws an Error that says what is wrong. */
export function parseBaseline(text: string): EvalBaseline {
  const baseline = parseVersioned('schema', { 'eval-baseline.v1': baselineV1 }, text)
  if (new Set(baseline.cases.map(({ id }) => id)).size !== baseline.cases.length)
    throw new Error('it contains a case twice')
  return baseline
}

export interface Delta {
  paired: number
  before: number
  after: number
  fixed: string[]
  regressed: string[]
}

type Cases = readonly { id: string; caseHash: string; outcome: string }[]

/** Compares the cases that both runs have unchanged: how many passed before and after, and which changed. */
export function computeDelta(before: Cases, after: Cases): Delta {
  const earlier = new Map(before.map((one) => [one.id, one]))
  const pairs = after.flatMap((now) => {
    const then = earlier.get(now.id)
    return then && then.caseHash === now.caseHash ? [{ id: now.id, was: then.outcome, is: now.outcome }] : []
  })
  const ids = (wanted: (pair: (typeof pairs)[number]) => boolean) => pairs.filter(wanted).map(({ id }) => id)
  return {
    paired: pairs.length,
    before: ids(({ was }) => was === 'pass').length,
    after: ids(({ is }) => is === 'pass').length,
    fixed: ids(({ was, is }) => was !== 'pass' && is === 'pass'),
    regressed: ids(({ was, is }) => was === 'pass' && is !== 'pass'),
  }
}

/** `14/20 -> 18/20, 5 fixed, 1 regressed`. */
export function describeDelta({ paired, before, after, fixed, regressed }: Delta): string {
  return `${before}/${paired} -> ${after}/${paired}, ${fixed.length} fixed, ${regressed.length} regressed`
}

/** The parsed value, or a sentence that says why parsing failed. */
export function tryParse<T>(parse: () => T): T | string {
  try {
    return parse()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
