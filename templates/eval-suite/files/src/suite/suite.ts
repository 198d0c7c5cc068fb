import { join } from 'node:path'
import { replaceFile } from '#kit/console/replace-file'
import { readHistory } from '#kit/evals/history'
import type { Suite } from '#kit/evals/suite'
import { type Llm, openLlm } from '#kit/llm/model'
import { expectedText, type SuiteCase, suiteCase } from '../cases/case.ts'
import { type GraderSpec, gradersFrom } from '../graders/registry.ts'
import { renderJunit } from '../html/junit.ts'
import { renderHtml } from '../html/page.ts'
import type { Answering } from '../running/answering.ts'
import { heuristicTasks } from '../task/answer.ts'
import type { GradingTools } from './tools.ts'

export interface SuiteSettings {
  /** Names the reports. */
  name: string
  cases: string
  /** Path of its baselines, without `.<provider>.json`. */
  baseline: string
  prompts: readonly string[]
  timeoutSeconds: number
  repeats: number
  blessArgs: readonly string[]
  ungated?: string
}

interface Parts {
  root: string
  answering: Answering
  tools: GradingTools
  /** When a whole run has ended, with whatever verdict. */
  onFinished(result: { errors: number }): Promise<void>
}

const SOURCES = {
  graders: ['src/graders', 'src/judge'],
  harness: ['src/cases', 'src/running', 'src/suite', 'src/targets'],
}

/** One target and its cases, as the runner of the evals wants them. */
export function suiteOf(
  settings: SuiteSettings,
  { root, answering, tools, onFinished }: Parts,
): Suite<SuiteCase> {
  const { timeoutSeconds, ...described } = settings
  const { name } = described
  const rubrics = new Set<string>()
  let nobody: Promise<Llm> | undefined
  return {
    ...described,
    schema: suiteCase.transform((testCase) => {
      for (const path of testCase.graders.flatMap(rubricsOf)) rubrics.add(path)
      return testCase
    }),
    caseTimeoutMs: timeoutSeconds * 1000,
    files: ({ files = [], graders }) => [...files, ...graders.flatMap(rubricsOf)],
    sources: SOURCES,
    graders: {},
    gradersOf: (testCase) => gradersFrom(testCase.graders, testCase, tools),
    describe: (testCase) => {
      const expected = expectedText(testCase)
      return { input: testCase.input, ...(expected !== undefined && { expected }) }
    },
    // Is never asked: answers come from the target, and count their own tokens.
    open() {
      nobody ??= openLlm({ env: { AI_PROVIDER: 'heuristic' }, tasks: heuristicTasks })
      return nobody
    },
    answer: (testCase, _llm, signal, attempt) => answering.answer(testCase, signal, attempt),
    async identity(signal) {
      const provider = await answering.identity(signal)
      // Scores of two judges are not compared: another judge is another baseline.
      if (rubrics.size === 0) return provider
      return { ...provider, model: `${provider.model}, judged by ${await tools.readyJudge(rubrics)}` }
    },
    notes: () => [...answering.notes(), ...tools.notes()],
    async publish(report, against) {
      await onFinished(report.summary)
      const path = join(root, 'reports', `eval-${name}`)
      await replaceFile(`${path}.html`, renderHtml(report, against, await readHistory(root)))
      await replaceFile(`${path}.junit.xml`, renderJunit(report))
    },
    echo: ({ input }) => input,
  }
}

function rubricsOf(spec: GraderSpec): string[] {
  return typeof spec['rubric'] === 'string' ? [spec['rubric']] : []
}
