import { toAnswered } from '#kit/evals/attempts'
import { gradeAnswer } from '#kit/evals/evaluate'
import { renderMarkdownTable } from '#kit/evals/print'
import { runParallel } from '#kit/evals/run'
import type { ComparisonOptions, Suite } from '#kit/evals/suite'
import { parseOutput } from './output.ts'
import type { AnswerCase } from './suite.ts'

interface Row {
  testCase: AnswerCase
  refused: boolean
  /** By grader. */
  passes: Record<string, boolean>
}

/** Renders the scores of each kind of question by grader, and the precision and recall of refusals. */
export async function renderByTag(
  suite: Suite<AnswerCase>,
  cases: readonly AnswerCase[],
  options: ComparisonOptions,
): Promise<string> {
  const { provider, modelId } = await suite.open()
  const rows = await runParallel(cases, options, (testCase) => gradeCase(suite, testCase, options.signal))
  const tags = [...new Set(cases.flatMap((testCase) => testCase.tags ?? []))].sort()
  const graders = Object.keys(suite.graders)
  const line = (name: string, some: readonly Row[]) => [
    name,
    some.length,
    ...graders.map((grader) => formatShare(some, grader)),
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
    describeRefusals(rows),
  ].join('\n\n')
}

async function gradeCase(suite: Suite<AnswerCase>, testCase: AnswerCase, signal: AbortSignal): Promise<Row> {
  const { output } = toAnswered(await suite.answer(testCase, await suite.open(), signal, 0))
  const grades = await gradeAnswer(suite, output, testCase)
  const passes = Object.fromEntries(grades.map(({ grader, pass }) => [grader, pass]))
  return { testCase, refused: parseOutput(output)?.refused ?? false, passes }
}

function formatShare(rows: readonly Row[], grader: string): string {
  return `${rows.filter(({ passes }) => passes[grader]).length} of ${rows.length}`
}

/** A bot that always refuses has a recall of 1; for one that never refuses, precision is undefined. */
function describeRefusals(rows: readonly Row[]): string {
  const refused = rows.filter((row) => row.refused)
  const due = rows.filter(({ testCase }) => testCase.refuse)
  const right = due.filter((row) => row.refused).length
  const wrong = refused.length - right
  return [
    `Refusals: precision ${right} of ${refused.length} (${wrong} questions were refused that the docs answer),`,
    `recall ${right} of ${due.length} (${due.length - right} were answered that the docs do not answer).\n`,
  ].join('\n')
}
