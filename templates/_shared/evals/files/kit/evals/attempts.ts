import { type Limit, runWithDeadline } from '#kit/console/deadline'
import { isUnusableAnswer } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'
import type { LoadedCase } from './cases.ts'
import { toErrorMessage } from './errors.ts'
import { type Attempt, type CaseResult, computeMeanScore } from './report.ts'
import type { Answered, EvalCase, Known, Suite } from './suite.ts'

const DEFAULT_CASE_TIMEOUT_MS = 120_000

/** One answer to one case, graded. */
export type AttemptAnswer = Pick<
  CaseResult,
  'outcome' | 'score' | 'grades' | 'output' | 'error' | 'latencyMs' | 'usage'
>

export function toAnswered(answer: string | Answered): Answered {
  return typeof answer === 'string' ? { output: answer } : answer
}

type GradeAnswer = (
  answer: Answered,
  known: Known,
) => Promise<Pick<AttemptAnswer, 'grades' | 'outcome' | 'score'>>

interface Asking<C extends EvalCase> {
  suite: Suite<C>
  testCase: C
  signal: AbortSignal
  grade: GradeAnswer
}

/** Asks the suite `repeats` times (default 1), one after the other. */
export async function askRepeatedly<C extends EvalCase>(
  suite: Suite<C>,
  testCase: C,
  signal: AbortSignal,
  grade: GradeAnswer,
): Promise<AttemptAnswer[]> {
  const answers: AttemptAnswer[] = []
  while (answers.length < (suite.repeats ?? 1))
    answers.push(await answerOnce({ suite, testCase, signal, grade }, answers.length))
  return answers
}

/**
 * Asks the suite, grades its answer, and measures latency and usage. An answer that is empty or cut off fails
 * the case: a small model must not stop the run. Any other exception, or a timeout, becomes an answer with the
 * outcome `error`. Throws only the signal's reason.
 */
async function answerOnce<C extends EvalCase>(
  { suite, testCase, signal, grade }: Asking<C>,
  attempt: number,
): Promise<AttemptAnswer> {
  const startedAt = performance.now()
  const elapsed = () => Math.round(performance.now() - startedAt)
  let llm: Llm | undefined
  let answered: Answered = { output: '' }
  let latencyMs: number | undefined
  const usage = () => answered.usage ?? measureUsage(llm)
  const measured = () => ({ output: answered.output, latencyMs: latencyMs ?? elapsed(), usage: usage() })
  try {
    const graded = await runWithDeadline(signal, getCaseLimit(suite), async ({ signal: caseSignal }) => {
      llm = await suite.open()
      answered = toAnswered(await suite.answer(testCase, llm, caseSignal, attempt))
      latencyMs = answered.latencyMs ?? elapsed()
      return grade(answered, { latencyMs, costUsd: usage().costUsd, signal: caseSignal })
    })
    return { ...measured(), ...graded, error: null }
  } catch (error) {
    signal.throwIfAborted()
    const reason = toErrorMessage(error)
    if (!isUnusableAnswer(error))
      return { ...measured(), outcome: 'error', score: null, grades: [], error: reason }
    const grades = [{ grader: 'answered', pass: false, score: 0, reason }]
    return { ...measured(), outcome: 'fail', score: 0, grades, error: null }
  }
}

/**
 * Combines several answers to one case into one result. The case passes if every answer passes.
 * Its score is the mean, or null if any answer is an error; its latency is the median. The rest is that of
 * the first of the worst answers. An error is worse than a fail, because it says nothing about the answer.
 */
export function combineAnswers<C extends EvalCase>(
  suite: Suite<C>,
  { testCase, hash }: LoadedCase<C>,
  answers: readonly AttemptAnswer[],
): CaseResult {
  const { id, critical = false, tags = [], weight } = testCase
  const described = { ...(weight !== undefined && { weight }), ...suite.describe?.(testCase) }
  return { id, caseHash: hash, critical, tags, ...described, ...pickWorst(answers) }
}

function pickWorst(answers: readonly AttemptAnswer[]): AttemptAnswer & { attempts?: Attempt[] } {
  const [first, ...others] = answers
  if (first === undefined) throw new Error('a case needs an answer')
  if (others.length === 0) return first
  const worst =
    answers.find(({ outcome }) => outcome === 'error') ??
    answers.find(({ outcome }) => outcome === 'fail') ??
    first
  const score = worst.outcome === 'error' ? null : computeMeanScore(answers)
  const attempts = answers.map(({ outcome, score, latencyMs, usage }) => ({
    outcome,
    score,
    latencyMs,
    usage,
  }))
  const latencies = answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  const latencyMs = latencies[Math.ceil(latencies.length / 2) - 1] ?? worst.latencyMs
  return { ...worst, score, latencyMs, attempts }
}

function getCaseLimit({ caseTimeoutMs: ms = DEFAULT_CASE_TIMEOUT_MS }: { caseTimeoutMs?: number }): Limit {
  return { ms, late: () => new Error(`timed out after ${ms} ms`) }
}

function measureUsage(llm: Llm | undefined): CaseResult['usage'] {
  const nothing = { inputTokens: 0, outputTokens: 0, costUsd: 0 }
  const { inputTokens, outputTokens, costUsd } = llm?.meter.total() ?? nothing
  return { inputTokens, outputTokens, costUsd }
}
