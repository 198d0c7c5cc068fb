import { formatExpected, type SuiteCase } from '#kit/cases/case'
import { DRAFT } from '#kit/cases/draft'
import type { Suite } from '#kit/evals/suite'
import type { GraderSpec } from '#kit/graders/registry'
import { openLlm } from '#kit/llm/model'
import { heuristicTasks } from '#kit/offline/tasks'
import { publishReport } from '#kit/report/publish'
import { chooseSuites } from '#kit/suite/choose'
import type { Parts, SuiteSettings } from '#kit/suite/world'
import { suiteCase } from './cases.ts'
import { bindGraders } from './graders/registry.ts'
import { openJudge } from './judge/judge.ts'
import { trustJudges } from './judge/trust.ts'
import { openPromptTarget } from './prompt.ts'

/** Folders that reports hash, so that a report shows when the code behind a score changed. */
const SOURCES = {
  graders: ['src/graders', 'src/judge', 'kit/graders', 'kit/judge'],
  harness: ['src', 'kit/answers', 'kit/suite', 'kit/targets'],
}

/** Builds the suite of one target and its cases for the eval runner. */
function buildSuite(
  { timeoutSeconds, ...settings }: SuiteSettings,
  { root, answering, tools, onFinished }: Parts,
): Suite<SuiteCase> {
  const rubrics = new Set<string>()
  const drafts = new Set<string>()
  return {
    ...settings,
    schema: suiteCase.transform((testCase) => {
      for (const path of testCase.graders.flatMap(listRubrics)) rubrics.add(path)
      if (testCase.tags?.includes(DRAFT)) drafts.add(testCase.id)
      return testCase
    }),
    caseTimeoutMs: timeoutSeconds * 1000,
    // Editing a file or a rubric that a case names changes the case: it is not compared with what was
    // measured before.
    files: ({ files = [], graders }) => [...files, ...graders.flatMap(listRubrics)],
    sources: SOURCES,
    graders: {},
    gradersOf: (testCase) => bindGraders(testCase.graders, testCase, tools),
    describe: (testCase) => {
      const expected = formatExpected(testCase)
      return { input: testCase.input, ...(expected !== undefined && { expected }) }
    },
    // The target answers and counts its tokens itself; this model is never called.
    open: () => openLlm({ env: { AI_PROVIDER: 'heuristic' }, tasks: heuristicTasks }),
    answer: (testCase, _llm, signal, attempt) => answering.answer(testCase, signal, attempt),
    async identity(signal) {
      const provider = await answering.identity(signal)
      // Scores of two judges are never compared: each judge has its own baseline.
      if (rubrics.size === 0) return provider
      return { ...provider, model: `${provider.model}, judged by ${await tools.readyJudge(rubrics)}` }
    },
    notes: () => [...describeDrafts(drafts.size), ...answering.notes(), ...tools.notes()],
    async publish(report, baseline) {
      await onFinished(report.summary)
      await publishReport(root, report, baseline)
    },
    echo: ({ input }) => input,
  }
}

function describeDrafts(count: number): string[] {
  return count === 0
    ? []
    : [`${count} of the cases are drafts that no person has checked: npm run eval:draft -- --help`]
}

function listRubrics(spec: GraderSpec): string[] {
  return typeof spec['rubric'] === 'string' ? [spec['rubric']] : []
}

/** What `npm run eval` runs, from evals/targets.json and its own options. */
export const suite = chooseSuites({
  buildSuite,
  trustJudges: ({ voice, ...options }) => trustJudges({ ...options, judge: openJudge(voice) }),
  openPrompt: openPromptTarget,
})
