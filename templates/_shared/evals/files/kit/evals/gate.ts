import { quoteShellWord } from '#kit/console/shell'
import { compareRun } from '#kit/evals/evaluate'
import { type Changes, isScored } from '#kit/evals/pair'
import type { Baseline } from './baseline.ts'
import { computeMeanScore, type EvalRun, type Gate } from './report.ts'

const EXIT_CODES = {
  pass: 0,
  regression: 1,
  inconclusive: 3,
  'no-baseline': 4,
  'cannot-run': 4,
  'not-gated': 0,
} as const

type GateDecision = Pick<Gate, 'verdict' | 'reasons'>

interface GateOptions {
  reference?: Baseline | null
  blessArgs?: readonly string[]
  isReplay?: boolean
  /** Name every case that is new, changed or gone, instead of counting them where they are many. */
  list?: boolean
}

/**
 * Judges a run against the committed baseline of the same provider and model.
 * Deterministic provider: any lost case is a regression, without statistics.
 * Real model: critical cases must pass, then exact McNemar on the paired cases.
 * An unsound comparison (errors, removed or changed cases, another model) is `cannot-run`, never a pass.
 * A sound run without a baseline is `no-baseline`, which is no pass either.
 * `reference`, the deterministic provider's baseline, is only shown, and only for a model without a baseline.
 * Recorded answers (`isReplay`) are the same every time, so they are judged as deterministic ones.
 */
export function decideGate(
  measured: EvalRun,
  baseline: Baseline | null,
  { reference = null, blessArgs = [], isReplay = false, list = false }: GateOptions = {},
): Gate {
  const { deterministic } = measured.provider
  const run = { ...measured, provider: { ...measured.provider, deterministic: deterministic || isReplay } }
  const shown = baseline ?? reference
  const comparison = compareRun(run, shown?.cases ?? [])
  const { changes } = comparison
  const { gained, lost, delta } = changes
  const args = blessArgs.map(quoteShellWord)
  const bless = ['npm run eval:bless --', ...args, '--reason "why"'].join(' ')
  const nameAll = list ? null : ['npm run eval --', ...args, '--list'].join(' ')
  const faults = findFaults(run)
  const unsound = [...faults, ...findMismatches(run, baseline, changes, { bless, list: nameAll })]
  const isFirst = baseline === null && faults.length === 0
  const { verdict, reasons }: GateDecision =
    unsound.length > 0
      ? { verdict: isFirst ? 'no-baseline' : 'cannot-run', reasons: unsound }
      : explain(run, comparison, bless)
  const unblessed = baseline === null ? run.cases.map(({ id }) => id) : changes.unblessed
  const notes = baseline === null ? [] : listBaselineNotes(run, baseline, unblessed, nameAll)
  if (shown !== baseline) notes.push(`compared with the baseline of ${shown?.provider.name}, for information`)
  const totals = shown && summariseBaseline(shown)
  return {
    verdict,
    exitCode: EXIT_CODES[verdict],
    reasons,
    notes,
    gained,
    lost,
    unblessed,
    baseline: totals,
    delta,
  }
}

/**
 * Judges a run to which no baseline applies, because it is filtered or its suite is ungated.
 * Only errors count.
 */
export function skipGate(run: EvalRun, reason: string): Gate {
  const faults = findFaults(run)
  const verdict = faults.length > 0 ? 'cannot-run' : 'not-gated'
  const nothing = { notes: [], gained: [], lost: [], unblessed: [], baseline: null, delta: null }
  return { verdict, exitCode: EXIT_CODES[verdict], reasons: [...faults, reason], ...nothing }
}

function explain(run: EvalRun, compared: ReturnType<typeof compareRun>, bless: string): GateDecision {
  const { verdict, why, critical } = compared
  const { gained, lost, delta } = compared.changes
  if (run.provider.deterministic) {
    const losses = lost.map((id) => `${id} passed in the baseline and fails now; if that is meant: ${bless}`)
    if (losses.length > 0) return { verdict, reasons: losses }
    const failures = explainFailures(run, compared.changes)
    return {
      verdict,
      reasons: failures.length > 0 ? failures : ['every case that passed in the baseline still passes'],
    }
  }
  const counts = `${lost.length} lost, ${gained.length} gained of ${delta?.paired ?? 0} paired cases: ${why}`
  const reasons = critical.length > 0 ? critical.map((id) => `critical case ${id} fails`) : [counts]
  if (verdict === 'pass') return { verdict, reasons: [...reasons, ...explainFailures(run, compared.changes)] }
  return { verdict, reasons: [...reasons, ...listLost(lost)] }
}

/** What a pass says about rows that fail: which of them the baseline knows, and which it cannot know. */
function explainFailures({ cases }: EvalRun, { lost, unblessed }: Changes): string[] {
  const failed = cases.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id)
  const unknown = failed.filter((id) => unblessed.includes(id))
  const known = failed.length - unknown.length - lost.length
  if (failed.length === 0) return []
  const now = lost.length === 0 ? 'no new failures' : `new failures: ${lost.length}`
  const blessing = unknown.length === 0 ? [] : [`failing and not yet blessed: ${unknown.join(', ')}`]
  return [`${now} (${known} known)`, ...blessing]
}

const NAMES_A_LINE = 8

/** Lists every lost case, in lines that are short enough to print untruncated. */
function listLost(lost: readonly string[]): string[] {
  const starts = lost.flatMap((_id, index) => (index % NAMES_A_LINE === 0 ? [index] : []))
  return starts.map((start) => `lost: ${lost.slice(start, start + NAMES_A_LINE).join(', ')}`)
}

/** Lists the faults of the run itself. */
function findFaults(run: EvalRun): string[] {
  if (run.cases.length === 0) return ['no case was run']
  return run.cases.flatMap((result) => {
    if (result.outcome === 'error') return [`${result.id} could not be answered or graded: ${result.error}`]
    return isScored(result) ? [] : [`${result.id} has the score ${result.score}, which is not in 0..1`]
  })
}

interface Commands {
  bless: string
  /** Names every case; null when this run does. */
  list: string | null
}

/** Lists the reasons why this baseline can't be compared with this run. */
function findMismatches(
  run: EvalRun,
  baseline: Baseline | null,
  { removed, changed }: Changes,
  { bless, list }: Commands,
): string[] {
  const ifMeant = `if that is meant: ${bless}`
  const { name, model } = run.provider
  if (baseline === null) return [`no baseline of ${name} yet; to make this run it: ${bless}`]
  if (baseline.provider.name !== name || baseline.provider.model !== model) {
    const other = `${baseline.provider.name} / ${baseline.provider.model}`
    return [`the baseline is of ${other}, this run of ${name} / ${model}; ${ifMeant}`]
  }
  return [
    ...describeCases(removed, list, ['is', 'are'], 'in the baseline and no longer in the cases'),
    ...describeCases(changed, list, ['was', 'were'], 'changed since the baseline'),
  ].map((reason) => `${reason}; ${ifMeant}`)
}

const NAMED_AT_ONCE = 3

/** A line for each case or, where they are many and a command can name them, one line with their number. */
function describeCases(
  ids: readonly string[],
  list: string | null,
  [one, many]: readonly [string, string],
  what: string,
): string[] {
  if (list === null || ids.length <= NAMED_AT_ONCE) return ids.map((id) => `${id} ${one} ${what}`)
  return [`${ids.length} cases ${many} ${what} (to list them: ${list})`]
}

function listBaselineNotes(
  run: EvalRun,
  baseline: Baseline,
  unblessed: readonly string[],
  list: string | null,
): string[] {
  const parts = ['graders', 'prompts', 'harness'] as const
  const changed = parts.filter((part) => run.hashes[part] !== baseline.hashes[part])
  return [
    ...describeCases(unblessed, list, ['is', 'are'], 'new and not yet blessed'),
    ...changed.map((part) => `${part} changed since the baseline`),
  ]
}

function summariseBaseline({ provider, cases }: Baseline): Gate['baseline'] {
  const passed = cases.filter(({ outcome }) => outcome === 'pass').length
  const { name, model } = provider
  return { provider: name, model, passed, total: cases.length, meanScore: computeMeanScore(cases) ?? 0 }
}
