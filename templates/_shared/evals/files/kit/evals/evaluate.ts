import { askRepeatedly, combineAnswers, toAnswered } from '#kit/evals/attempts'
import type { Baseline } from '#kit/evals/baseline'
import type { LoadedCase } from '#kit/evals/cases'
import { decideVerdict } from '#kit/evals/decide'
import { pairCases } from '#kit/evals/pair'
import { computeMeanScore, type RunToCompare } from '#kit/evals/report'
import { assertGraded, checkGrade, type RunOptions, runParallel } from '#kit/evals/run'
import { type Answered, type EvalCase, type Known, NOT_MEASURED, type Suite } from '#kit/evals/suite'

/**
 * Runs every case: answers and grades it, several cases at a time. Results keep the order of the cases.
 * Throws `CannotRunError` if the suite has no graders, and the signal's reason when aborted.
 */
export async function runCases<C extends EvalCase>(
  suite: Suite<C>,
  cases: readonly LoadedCase<C>[],
  options: RunOptions,
) {
  assertGraded(suite)
  return runParallel(cases, options, async (loaded) => {
    // A case passes if every grader passes; its score is their mean.
    // If a grader throws, the case is an `error`: neither a fail nor a 0.
    const grade = async (answer: Answered, known: Known) => {
      const grades = await gradeAnswer(suite, answer, loaded.testCase, known)
      const outcome = grades.every(({ pass }) => pass) ? ('pass' as const) : ('fail' as const)
      return { grades, outcome, score: computeMeanScore(grades) }
    }
    const answers = await askRepeatedly(suite, loaded.testCase, options.signal, grade)
    const result = combineAnswers(suite, loaded, answers)
    options.onResult?.(result)
    return result
  })
}

/**
 * Grades an answer with every grader. Throws if there is no grader, or if one throws or gives a score outside
 * 0..1, because then the result is unknown.
 */
export async function gradeAnswer<C extends EvalCase>(
  suite: Suite<C>,
  answer: string | Answered,
  testCase: C,
  known: Known = NOT_MEASURED,
) {
  const { output, sources = [], citations = [] } = toAnswered(answer)
  const graders = Object.entries({ ...suite.graders, ...suite.gradersOf?.(testCase) })
  if (graders.length === 0) throw new Error('no grader looks at it, so that anything would pass')
  const grades = graders.map(([name, grade]) =>
    checkGrade(name, () => grade(output, testCase, { ...known, sources, citations })),
  )
  return Promise.all(grades)
}

/** Compares a run with a baseline, case by case, and decides what the difference means. */
export function compareRun({ cases, provider }: RunToCompare, before: Baseline['cases']) {
  const changes = pairCases(cases, before)
  const critical = cases.filter((one) => one.critical && one.outcome === 'fail').map(({ id }) => id)
  const paired = changes.delta?.paired ?? 0
  return { changes, critical, ...decideVerdict({ ...changes, ...provider, critical, paired }) }
}
