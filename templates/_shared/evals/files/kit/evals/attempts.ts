import { type Limit, withDeadline } from '#kit/console/deadline'
import type { Llm } from '#kit/llm/model'
import { messageOf } from './errors.ts'
import { type Attempt, type CaseResult, gradeSchema, meanScore } from './report.ts'
import type { Answered, EvalCase, GradingContext, Suite } from './suite.ts'

const DEFAULT_CASE_TIMEOUT_MS = 120_000

/** One answer to one case, graded. */
export type Answer = Pick<
  CaseResult,
  'outcome' | 'score' | 'grades' | 'output' | 'error' | 'latencyMs' | 'usage'
>

export function answeredWith(answer: string | Answered): Answered {
  return typeof answer === 'string' ? { output: answer } : answer
}

/** Every grader on one answer. Throws when a grader does, or when what it hands back is not a grade (score NaN). */
export async function gradeAnswer<C extends EvalCase>(
  suite: Suite<C>,
  answer: string | Answered,
  testCase: C,
  known: Partial<Pick<GradingContext, 'latencyMs' | 'costUsd' | 'signal'>> = {},
) {
  const { output, sources = [], citations = [] } = answeredWith(answer)
  const nothing = { latencyMs: 0, costUsd: 0, signal: new AbortController().signal }
  const context = { sources, citations, ...nothing, ...known }
  const graders = { ...suite.graders, ...suite.gradersOf?.(testCase) }
  const grades = Object.entries(graders).map(async ([grader, grade]) => {
    try {
      const { pass, score, reason } = gradeSchema.parse(await grade(output, testCase, context))
      return { grader, pass, score, reason }
    } catch (error) {
      throw new Error(`grader ${grader}: ${messageOf(error)}`, { cause: error })
    }
  })
  const found = await Promise.all(grades)
  if (found.length === 0) throw new Error('no grader looks at it, so that anything would pass')
  return found
}

/** Whatever goes wrong is an answer with the outcome `error`; only the signal's reason is thrown. */
export async function answerOnce<C extends EvalCase>(
  suite: Suite<C>,
  testCase: C,
  signal: AbortSignal,
  attempt: number,
): Promise<Answer> {
  const startedAt = performance.now()
  const elapsed = () => Math.round(performance.now() - startedAt)
  let llm: Llm | undefined
  let answered: Answered = { output: '' }
  let latencyMs: number | undefined
  const usage = () => answered.usage ?? usageOf(llm)
  try {
    const grades = await withDeadline(signal, caseLimit(suite), async ({ signal: caseSignal }) => {
      llm = await suite.open()
      answered = answeredWith(await suite.answer(testCase, llm, caseSignal, attempt))
      latencyMs = answered.latencyMs ?? elapsed()
      const { costUsd } = usage()
      return gradeAnswer(suite, answered, testCase, { latencyMs, costUsd, signal: caseSignal })
    })
    const outcome = grades.every(({ pass }) => pass) ? 'pass' : 'fail'
    const graded = { outcome, score: meanScore(grades), grades, error: null } as const
    return { ...graded, output: answered.output, latencyMs: latencyMs ?? elapsed(), usage: usage() }
  } catch (error) {
    signal.throwIfAborted()
    const failure = { outcome: 'error', score: null, error: messageOf(error) } as const
    return {
      ...failure,
      grades: [],
      output: answered.output,
      latencyMs: latencyMs ?? elapsed(),
      usage: usage(),
    }
  }
}

/**
 * Several answers to one case as one result: it passes when every answer does, and its score is their mean. What is shown is the
 * first answer that did worst; an error is worse than a fail, since it says nothing.
 */
export function worstOf([first, ...others]: readonly [Answer, ...Answer[]]): Answer & {
  attempts?: Attempt[]
} {
  if (others.length === 0) return first
  const all = [first, ...others]
  const worst =
    all.find(({ outcome }) => outcome === 'error') ?? all.find(({ outcome }) => outcome === 'fail') ?? first
  const score = worst.outcome === 'error' ? null : meanScore(all)
  const attempts = all.map(({ outcome, score, latencyMs, usage }) => ({ outcome, score, latencyMs, usage }))
  const latencies = all.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  const latencyMs = latencies[Math.ceil(latencies.length / 2) - 1] ?? worst.latencyMs
  return { ...worst, score, latencyMs, attempts }
}

function caseLimit({ caseTimeoutMs: ms = DEFAULT_CASE_TIMEOUT_MS }: { caseTimeoutMs?: number }): Limit {
  return { ms, late: () => new Error(`timed out after ${ms} ms`) }
}

function usageOf(llm: Llm | undefined): CaseResult['usage'] {
  const nothing = { inputTokens: 0, outputTokens: 0, costUsd: 0 }
  const { inputTokens, outputTokens, costUsd } = llm?.meter.total() ?? nothing
  return { inputTokens, outputTokens, costUsd }
}
