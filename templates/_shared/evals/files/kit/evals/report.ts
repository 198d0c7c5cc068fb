import { z } from 'zod'

const share = z.number().min(0).max(1)
const count = z.int().min(0)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** US dollars; null if a model's price is unknown. A sum with an unknown part is unknown. */
const costUsd = z.number().min(0).nullable()

export const gradeSchema = z.strictObject({ pass: z.boolean(), score: share, reason: z.string() })

const usage = z.strictObject({ inputTokens: count, outputTokens: count, costUsd })
const outcome = z.enum(['pass', 'fail', 'error'])

const attempt = z.strictObject({ outcome, score: share.nullable(), latencyMs: count, usage })

export const caseResult = z.strictObject({
  id: z.string(),
  caseHash: hash,
  critical: z.boolean(),
  tags: z.array(z.string()),
  outcome,
  /** Mean of the grades; null for an error, which isn't a score of 0. */
  score: share.nullable(),
  grades: z.array(gradeSchema.extend({ grader: z.string() })),
  output: z.string(),
  error: z.string().nullable(),
  /** Latency of the answer in milliseconds, without grading. */
  latencyMs: count,
  usage,
  /** Weight in the mean score; 1 if absent. */
  weight: z.number().positive().optional(),
  input: z.string().optional(),
  expected: z.string().optional(),
  /**
   * Every answer, if the case was answered several times. Then `score` is their mean and `latencyMs` their
   * median; the other results are those of the worst answer (the first of equals).
   */
  attempts: z.array(attempt).min(2).optional(),
})

export const providerSchema = z.strictObject({
  name: z.string(),
  model: z.string(),
  /** The same input always gives the same answer, so that differences are changes, not chance. */
  deterministic: z.boolean(),
})

const summary = z.strictObject({
  total: count,
  passed: count,
  failed: count,
  errors: count,
  passRate: share,
  wilson95: z.tuple([share, share]),
  /** Mean over the graded cases; null if there are none. */
  meanScore: share.nullable(),
  costUsd,
  p50LatencyMs: count,
  p95LatencyMs: count,
})

const gate = z.strictObject({
  verdict: z.enum(['pass', 'regression', 'inconclusive', 'no-baseline', 'cannot-run', 'not-gated']),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3), z.literal(4)]),
  /** The reasons for the verdict. */
  reasons: z.array(z.string()),
  /** Other changes since the baseline. They don't affect the verdict. */
  notes: z.array(z.string()),
  gained: z.array(z.string()),
  lost: z.array(z.string()),
  unblessed: z.array(z.string()),
  /** The baseline of this comparison: the provider's own, else the deterministic one. */
  baseline: z
    .strictObject({ provider: z.string(), model: z.string(), passed: count, total: count, meanScore: share })
    .nullable(),
  /** Latency and cost at the last blessing of the same suite, provider and model; absent if there is none. */
  before: z.strictObject({ at: z.iso.datetime(), p50LatencyMs: count, costUsd }).optional(),
  /** This run minus the baseline, over the `paired` cases that are in both and unchanged. */
  delta: z.strictObject({ paired: count, passed: z.int(), meanScore: z.number() }).nullable(),
})

/** One run of a suite: its results, what it ran with, and how it compares with the baseline. */
export const evalReport = z.strictObject({
  schema: z.literal('eval-report.v1'),
  name: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: count,
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  provider: providerSchema,
  hashes: z.strictObject({ cases: hash, graders: hash, prompts: hash, harness: hash }),
  cases: z.array(caseResult),
  summary,
  gate,
})

export type EvalReport = z.infer<typeof evalReport>
export type Attempt = z.infer<typeof attempt>
export type CaseResult = z.infer<typeof caseResult>
export type Provider = z.infer<typeof providerSchema>
export type Gate = z.infer<typeof gate>
/** A run that has not been compared with a baseline. */
export type EvalRun = Omit<EvalReport, 'gate'>
export type RunToCompare = Pick<EvalRun, 'cases' | 'provider'>

interface Weighed {
  score: number | null
  weight?: number | undefined
}

/** Returns the weighted mean of the scored cases, to six decimals; null if none is scored. */
export function computeMeanScore(cases: readonly Weighed[]): number | null {
  const scored = cases.flatMap(({ score, weight = 1 }) => (score === null ? [] : { score, weight }))
  if (scored.length === 0) return null
  const weights = scored.reduce((sum, { weight }) => sum + weight, 0)
  return roundScore(scored.reduce((sum, { score, weight }) => sum + score * weight, 0) / weights)
}

/** Rounds to six decimals: the last bits of a float differ between machines, and a baseline must not. */
export function roundScore(score: number): number {
  return Math.round(score * 1e6) / 1e6
}
