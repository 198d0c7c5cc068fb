import type { SuiteCase } from '#kit/cases/case'
import { hashJson } from '#kit/console/hash-json'
import { decideVerdict } from '#kit/evals/decide'
import { CannotRunError } from '#kit/evals/errors'
import { runCases } from '#kit/evals/evaluate'
import { pairCases } from '#kit/evals/pair'
import { formatCost, renderMarkdownTable, showProgress } from '#kit/evals/print'
import type { CaseResult, Provider } from '#kit/evals/report'
import type { ComparisonOptions, ComparisonPage } from '#kit/evals/suite'
import { summariseCases } from '#kit/evals/summary'
import { openLiveSuite } from './origins.ts'
import type { RunSettings } from './settings.ts'
import type { NamedTarget, OpenSuite, SuiteWorld } from './world.ts'

/** Runs the same cases on several targets in turn and compares each with the first. */
export async function compareTargets(
  targets: readonly NamedTarget[],
  settings: RunSettings,
  world: SuiteWorld,
): Promise<OpenSuite> {
  const [first] = targets
  if (first === undefined) throw new CannotRunError('no target', 'Name two: --target A --target B', 2)
  // Every target gets the cases of the first: different cases cannot be compared.
  const cases = settings.cases ?? first.spec.cases ?? null
  const { suite, close } = await openLiveSuite(first, { ...settings, cases }, world)
  const run = async (testCases: readonly SuiteCase[], options: ComparisonOptions) => {
    const runs: TargetRun[] = []
    for (const target of targets)
      runs.push(
        await runTarget(
          { ...target, name: toLabel(target, targets) },
          testCases,
          { ...settings, cases },
          world,
          options,
        ),
      )
    return renderComparison(runs)
  }
  // Each target's identity is asked when its run begins, not before.
  const identity = async () => ({ name: 'compared', model: 'compared', deterministic: false })
  return { suite: { ...suite, identity, compare: { name: 'targets', run } }, close }
}

/** Labels a target by its name, or by its `--target` value when two share a name. */
function toLabel({ name, given }: NamedTarget, targets: readonly NamedTarget[]): string {
  const isShared = targets.filter((one) => one.name === name).length > 1
  return isShared ? (given ?? name) : name
}

export interface TargetRun {
  name: string
  provider: Provider
  cases: CaseResult[]
}

async function runTarget(
  target: NamedTarget,
  testCases: readonly SuiteCase[],
  settings: RunSettings,
  world: SuiteWorld,
  { concurrency, signal, note }: ComparisonOptions,
): Promise<TargetRun> {
  const { suite, close } = await openLiveSuite(target, settings, world)
  try {
    note(`${target.name}: ${testCases.length} cases`)
    const provider = await suite.identity?.(signal)
    if (provider === undefined)
      throw new CannotRunError(`${target.name} does not say who answers`, 'Correct evals/targets.json')
    const progress = showProgress({ write: note }, testCases.length, () => performance.now())
    const loaded = testCases.map((testCase) => ({ testCase, hash: hashJson(testCase) }))
    const cases = await runCases(suite, loaded, { concurrency, signal, onResult: progress.add })
    return { name: target.name, provider, cases }
  } finally {
    await close()
  }
}

/** Pure: the page and the verdict over runs of the same cases. The worst pair decides. */
export function renderComparison(runs: readonly TargetRun[]): ComparisonPage {
  const [first, ...others] = runs
  if (first === undefined || others.length === 0) throw new Error('two runs are needed for a comparison')
  const pairs = others.map((other) => comparePair(first, other))
  const sections = pairs.flatMap(({ title, lines }) => [`## ${title}`, ...lines])
  const page = [
    `# ${runs.map(({ name }) => name).join(' and ')} on ${first.cases.length} cases`,
    renderMarkdownTable(
      ['target', 'answers by', 'passed', '95% Wilson', 'mean score', 'p50', 'p95', 'cost'],
      runs.map(toRow),
    ),
    ...sections,
    renderCaseTable(runs),
  ].join('\n\n')
  const exitCodes = pairs.map(({ exitCode }) => exitCode)
  const worst = ([4, 1, 3] as const).find((code) => exitCodes.includes(code)) ?? 0
  return { page: `${page}\n`, exitCode: worst }
}

interface RunPair extends Pick<ComparisonPage, 'exitCode'> {
  title: string
  lines: string[]
}

function comparePair(before: TargetRun, after: TargetRun): RunPair {
  const changes = pairRuns(before, after)
  const { gained, lost, paired } = changes
  const errors = [before, after].flatMap(({ name, cases }) =>
    cases
      .filter(({ outcome }) => outcome === 'error')
      .map(({ id, error }) => `- ${name}, ${id}: ${quoteAsCode(error ?? '')}`),
  )
  const { verdict, exitCode, why } = judgePair(before, after, changes, errors.length)
  return {
    title: `${after.name} against ${before.name}: ${verdict}`,
    exitCode,
    lines: [
      `${lost.length} lost, ${gained.length} gained of ${paired} paired cases; ${why}.`,
      `lost: ${lost.join(', ') || 'none'}`,
      `gained: ${gained.join(', ') || 'none'}`,
      formatDeltas(before, after),
      ...(errors.length > 0 ? [errors.join('\n')] : []),
    ],
  }
}

function pairRuns(before: TargetRun, after: TargetRun) {
  const known = before.cases.flatMap(({ id, caseHash, outcome, score }) =>
    outcome === 'error' || score === null ? [] : [{ id, caseHash, outcome, score }],
  )
  const { gained, lost, delta } = pairCases(after.cases, known)
  return { gained, lost, paired: delta?.paired ?? 0 }
}

const EXIT_CODES = { pass: 0, regression: 1, inconclusive: 3 } as const

/** Decides as the gate does, but without critical cases: neither target has a baseline to meet. */
function judgePair(
  before: TargetRun,
  after: TargetRun,
  changes: ReturnType<typeof pairRuns>,
  errors: number,
) {
  if (errors > 0 || changes.paired === 0)
    return {
      verdict: 'CANNOT SAY',
      exitCode: 4,
      why: `${errors} answers are errors, so that there is no verdict`,
    } as const
  const deterministic = before.provider.deterministic && after.provider.deterministic
  const { verdict, why } = decideVerdict({ ...changes, deterministic, critical: [] })
  return { verdict: verdict.toUpperCase(), exitCode: EXIT_CODES[verdict], why }
}

function formatDeltas(before: TargetRun, after: TargetRun): string {
  const [was, is] = [summariseCases(before.cases), summariseCases(after.cases)]
  const sign = (difference: number) => (difference < 0 ? '-' : '+')
  const ms = is.p50LatencyMs - was.p50LatencyMs
  const latency = `p50 ${sign(ms)}${Math.abs(ms)} ms`
  if (was.costUsd === null || is.costUsd === null) return `${latency}, cost unknown`
  const usd = is.costUsd - was.costUsd
  return `${latency}, cost ${sign(usd)}$${Math.abs(usd).toFixed(4)}`
}

function toRow({ name, provider, cases }: TargetRun): (string | number)[] {
  const { passed, total, wilson95, meanScore, p50LatencyMs, p95LatencyMs, costUsd } = summariseCases(cases)
  const [low, high] = wilson95.map((share) => `${Math.round(share * 100)}%`)
  const mean = meanScore === null ? '-' : meanScore.toFixed(3)
  const who = quoteAsCode(`${provider.name} / ${provider.model}`)
  return [
    name,
    who,
    `${passed} of ${total}`,
    `${low} to ${high}`,
    mean,
    `${p50LatencyMs} ms`,
    `${p95LatencyMs} ms`,
    formatCost(costUsd),
  ]
}

function renderCaseTable(runs: readonly TargetRun[]): string {
  const [first] = runs
  const rows = (first?.cases ?? []).map(({ id }) => [
    id,
    ...runs.map(({ cases }) => cases.find((one) => one.id === id)?.outcome ?? '-'),
  ])
  return renderMarkdownTable(['case', ...runs.map(({ name }) => name)], rows)
}

/** Quotes a model's text as code, in which Markdown has no effect. */
function quoteAsCode(text: string): string {
  return `\`${text.replaceAll(/[`\p{Cc}|]+/gu, ' ').slice(0, 200)}\``
}
