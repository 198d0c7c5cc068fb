import { toAnswered } from '#kit/evals/attempts'
import { gradeAnswer } from '#kit/evals/evaluate'
import { renderMarkdownTable } from '#kit/evals/print'
import { runParallel } from '#kit/evals/run'
import type { ComparisonOptions, Suite } from '#kit/evals/suite'
import { outputIn } from './output.ts'
import type { AnswerCase } from './suite.ts'

interface Row {
  testCase: AnswerCase
  refused: boolean
  /** By grader. */
  passes: Record<string, boolean>
}

/** How the kinds of questions do, grader by grader, and how far a refusal can be believed. */
export async function tellByTag(
  suite: Suite<AnswerCase>,
  cases: readonly AnswerCase[],
  options: ComparisonOptions,
): Promise<string> {
  const { provider, modelId } = await suite.open()
  const rows = await runParallel(cases, options, (testCase) => answered(suite, testCase, options.signal))
  const tags = [...new Set(cases.flatMap((testCase) => testCase.tags ?? []))].sort()
  const graders = Object.keys(suite.graders)
  const line = (name: string, some: readonly Row[]) => [
    name,
    some.length,
    ...graders.map((grader) => share(some, grader)),
  ]
  const lines = tags.map((tag) =>
    line(
      tag,
      rows.filter(({ testCase }) => testCase.tags?.includes(tag)),
    ),
  )
  return [
    `# Answers by kind of question: ${provider} / ${modelId}`,
    renderMarkdownTable(['kind', 'questions', ...graders], [...lines, line('all', rows)]),
    refusals(rows),
  ].join('\n\n')
}

async function answered(suite: Suite<AnswerCase>, testCase: AnswerCase, signal: AbortSignal): Promise<Row> {
  const { output } = toAnswered(await suite.answer(testCase, await suite.open(), signal, 0))
  const grades = await gradeAnswer(suite, output, testCase)
  const passes = Object.fromEntries(grades.map(({ grader, pass }) => [grader, pass]))
  return { testCase, refused: outputIn(output)?.refused ?? false, passes }
}

function share(rows: readonly Row[], grader: string): string {
  return `${rows.filter(({ passes }) => passes[grader]).length} of ${rows.length}`
}

/** A bot that always refuses has a recall of 1, and one that never does a precision that nobody can name. */
function refusals(rows: readonly Row[]): string {
  const refused = rows.filter((row) => row.refused)
  const due = rows.filter(({ testCase }) => testCase.refuse)
  const right = due.filter((row) => row.refused).length
  const wrong = refused.length - right
  return [
    `Refusals: precision ${right} of ${refused.length} (${wrong} questions were refused that the docs answer),`,
    `recall ${right} of ${due.length} (${due.length - right} were answered that the docs do not answer).\n`,
  ].join('\n')
}
