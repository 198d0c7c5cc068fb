import { CannotRunError } from '#kit/evals/errors'
import type { Tools } from '#kit/graders/grader'
import type { JudgeOptions } from '#kit/suite/world'
import { type Agreement, formatAgreement, measureAgreement } from './agreement.ts'
import type { Judge } from './judge.ts'
import { readLabels } from './labels.ts'
import { readRubric } from './rubric.ts'

interface Trust extends Omit<JudgeOptions, 'voice'> {
  judge: Judge
}

/** `evals/rubrics/answer.md` is measured with `evals/judge/answer.jsonl`. */
export function toLabelsPath(rubric: string): string {
  const name = rubric.split('/').at(-1)?.replace(/\.md$/, '')
  return `evals/judge/${name}.jsonl`
}

/** Judges for graders, each measured once, by its rubric, before it scores anything. */
export function trustJudges({ root, judge, concurrency, signal, note }: Trust): Tools['judge'] {
  const measured = new Map<string, ReturnType<Tools['judge']>>()
  const measure = async (path: string) => {
    const rubric = await readRubric(root, path)
    const labels = await readLabels(root, toLabelsPath(path))
    const agreement = await measureAgreement(judge, rubric, labels, { concurrency, signal })
    assertTrusted(agreement)
    note(formatAgreement(agreement))
    return {
      score: (judged: Parameters<Judge['score']>[0], caseSignal: AbortSignal) =>
        judge.score(judged, rubric, caseSignal),
    }
  }
  return (path) => {
    const known = measured.get(path)
    if (known !== undefined) return known
    const started = measure(path)
    measured.set(path, started)
    return started
  }
}

function assertTrusted(agreement: Agreement): void {
  if (agreement.trusted) return
  const hint = 'npm run judge:check shows where; another model, a clearer rubric or better labels may help'
  throw new CannotRunError(formatAgreement(agreement), hint)
}
